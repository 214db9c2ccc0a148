import { Fragment } from 'react';

/** Text whose long words, such as paths, are broken after their separators where there is no room. */
export const Breakable = ({ text }: { text: string }) => (
  <>
    {text.split(/(?<=[./:])(?=[^./:])/).map((part, index) => (
      <Fragment key={index}>
        {index > 0 && <wbr />}
        {part}
      </Fragment>
    ))}
  </>
);
