import type { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 2),
    padding: theme.spacing(0.25, 0),
  },
  moment: { minWidth: '8em', color: theme.palette.text.secondary },
}));

/** What happened, one line each. */
export const Moments = (props: { label: string; children: ReactNode }) => (
  <ul className={useStyles().list} aria-label={props.label}>
    {props.children}
  </ul>
);

/** One line: when, and what. */
export const Moment = (props: { at: ReactNode; children: ReactNode }) => {
  const classes = useStyles();
  return (
    <li className={classes.line}>
      <span className={classes.moment}>{props.at}</span>
      {props.children}
    </li>
  );
};
