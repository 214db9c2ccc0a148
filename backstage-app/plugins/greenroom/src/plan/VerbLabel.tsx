import { makeStyles, type Theme } from '@material-ui/core/styles';
import type { Verb } from '../api/plan';

const WORDS: Record<Verb, string> = {
  create: 'Create',
  update: 'Change',
  replace: 'Replace',
  delete: 'Delete',
  keep: 'Unchanged',
};

const useStyles = makeStyles<Theme, { verb: Verb }>(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    whiteSpace: 'nowrap',
  },
  dot: {
    flex: 'none',
    width: 10,
    height: 10,
    // What takes something away has another form too, for those who don't see colours.
    borderRadius: ({ verb }) => (isGrave(verb) ? 1 : '50%'),
    background: ({ verb }) => colourOf(verb, theme),
  },
  word: {
    color: ({ verb }) => (isGrave(verb) ? colourOf(verb, theme) : 'inherit'),
    fontWeight: ({ verb }) => (isGrave(verb) ? 700 : 'inherit'),
  },
}));

/** Whether what stands is taken away. */
export function isGrave(verb: Verb): boolean {
  return verb === 'replace' || verb === 'delete';
}

export function colourOf(verb: Verb, theme: Theme): string {
  const dark = theme.palette.type === 'dark';
  switch (verb) {
    case 'create':
      return '#1b9e4b';
    case 'update':
      return dark ? '#64a8f0' : '#1f6fc2';
    case 'replace':
      return dark ? '#f0a04b' : '#b35900';
    case 'delete':
      return dark ? '#f2666f' : '#d11f31';
    default:
      return dark ? '#a6a6a6' : '#707070';
  }
}

/** A coloured dot and a word: the word alone says it too. */
export const VerbLabel = ({ verb }: { verb: Verb }) => {
  const classes = useStyles({ verb });
  return (
    <span className={classes.root}>
      <span className={classes.dot} aria-hidden="true" />
      <span className={classes.word}>{WORDS[verb]}</span>
    </span>
  );
};
