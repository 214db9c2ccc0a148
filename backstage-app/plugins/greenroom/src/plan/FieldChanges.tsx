import { useId, useState } from 'react';
import { VisuallyHidden } from '@backstage/ui';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import type { FieldChange } from '../api/plan';
import { Breakable } from './Breakable';
import { FieldValue } from './FieldValue';

/** Fields that are read at a glance. */
const AT_ONCE = 3;

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  field: { marginBottom: theme.spacing(0.25) },
  path: { overflowWrap: 'anywhere', fontWeight: 500 },
  more: {
    color: theme.palette.primary.main,
    font: 'inherit',
    '&:hover': { textDecoration: 'underline' },
    '&:focus-visible': { outline: '2px solid', outlineOffset: 2 },
  },
}));

/** Each field with its value before and after; the first few, and the rest on demand. */
export const FieldChanges = (props: { of: string; fields: FieldChange[] }) => {
  const classes = useStyles();
  const listId = useId();
  const [all, setAll] = useState(false);
  const { fields, of } = props;
  // One more takes no more room than the button that would show it.
  const few = fields.length <= AT_ONCE + 1;
  const shown = all || few ? fields : fields.slice(0, AT_ONCE);
  return (
    <>
      <ul id={listId} className={classes.list}>
        {shown.map(({ path, before, after }) => (
          <li key={path} className={classes.field}>
            <span className={classes.path}>
              <Breakable text={path} />
            </span>{' '}
            <FieldValue value={before} absent="not set" />
            <span aria-hidden="true"> → </span>
            <VisuallyHidden> becomes </VisuallyHidden>
            <FieldValue value={after} absent="removed" />
          </li>
        ))}
      </ul>
      {!few && (
        <ButtonBase
          className={classes.more}
          aria-expanded={all}
          aria-controls={listId}
          aria-label={
            all
              ? `Show fewer fields of ${of}`
              : `Show all ${fields.length} fields of ${of}`
          }
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `and ${fields.length - AT_ONCE} more`}
        </ButtonBase>
      )}
    </>
  );
};
