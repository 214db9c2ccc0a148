import { makeStyles, type Theme } from '@material-ui/core/styles';
import type { Verdict } from '../api/types';

/** What is shown in a verdict's place; `Loading` and `Not watched` are no verdicts. */
export type Shown = Verdict | 'Loading' | 'Not watched';

const useStyles = makeStyles<Theme, { shown: Shown }>(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    // As wide as the longest word, so that a change of verdict moves nothing.
    minWidth: '7.5em',
    whiteSpace: 'nowrap',
  },
  dot: {
    flex: 'none',
    width: 10,
    height: 10,
    borderRadius: '50%',
    boxSizing: 'border-box',
    border: ({ shown }) => `2px solid ${colourOf(shown, theme)}`,
    // What is not known is a ring, so that it doesn't look like a verdict to those who don't see colours.
    background: ({ shown }) =>
      isKnown(shown) ? colourOf(shown, theme) : 'transparent',
  },
  word: {
    color: ({ shown }) =>
      isKnown(shown) ? 'inherit' : theme.palette.text.secondary,
  },
}));

function isKnown(shown: Shown): boolean {
  return !['Unknown', 'Loading', 'Not watched'].includes(shown);
}

/** The colour that stands for it, as far as one does. */
export function colourOf(shown: Shown, theme: Theme): string {
  switch (shown) {
    case 'Healthy':
      return '#1b9e4b';
    case 'Progressing':
      return theme.palette.type === 'dark' ? '#64a8f0' : '#1f6fc2';
    case 'Missing':
      return '#e07b00';
    case 'Degraded':
      return theme.palette.type === 'dark' ? '#f2666f' : '#d11f31';
    default:
      return theme.palette.type === 'dark' ? '#a6a6a6' : '#707070';
  }
}

/** A coloured dot and a word, which alone says it too; what is no service may have another `word`. */
export const VerdictLabel = (props: { shown: Shown; word?: string }) => {
  const { shown, word = shown } = props;
  const classes = useStyles({ shown });
  return (
    <span className={classes.root}>
      <span className={classes.dot} aria-hidden="true" />
      <span className={classes.word}>{word}</span>
    </span>
  );
};
