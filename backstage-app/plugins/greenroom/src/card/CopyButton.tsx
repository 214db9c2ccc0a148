import { useState } from 'react';
import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import CopyIcon from '@material-ui/icons/FileCopyOutlined';

/** Copies `text`, and says so. */
export const CopyButton = ({ text }: { text: string }) => {
  const [copied, setCopied] = useState(false);
  return (
    <Tooltip
      title={copied ? 'Copied' : 'Copy'}
      onClose={() => setCopied(false)}
    >
      <IconButton
        size="small"
        aria-label={`Copy: ${text}`}
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          setCopied(true);
        }}
      >
        <CopyIcon style={{ fontSize: 16 }} />
      </IconButton>
    </Tooltip>
  );
};
