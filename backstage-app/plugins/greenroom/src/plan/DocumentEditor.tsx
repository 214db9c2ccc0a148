import {
  forwardRef,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type ChangeEvent,
  type DragEvent,
} from 'react';
import { Button } from '@backstage/ui';
import type { Problem } from '@greenroom/client';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { rangeOf } from './lines';
import { SAMPLE } from './sample';

/** Pixels; fixed, so that a line can be scrolled to. */
const LINE_HEIGHT = 20;
/** Lines that are seen at once. */
const ROWS = 16;
const PADDING = 8;

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
  },
  label: { flex: 1, fontWeight: 500 },
  frame: {
    display: 'flex',
    height: ROWS * LINE_HEIGHT + 2 * PADDING,
    border: `1px solid ${
      theme.palette.type === 'dark' ? '#737373' : '#8c8c8c'
    }`,
    borderRadius: theme.shape.borderRadius,
    overflow: 'hidden',
    fontFamily: 'monospace',
    fontSize: 13,
    lineHeight: `${LINE_HEIGHT}px`,
    background: theme.palette.background.paper,
    '&:focus-within': {
      outline: `2px solid ${theme.palette.primary.main}`,
      outlineOffset: -1,
    },
  },
  over: { outline: `2px dashed ${theme.palette.primary.main}` },
  numbers: {
    flex: 'none',
    minWidth: '3.5em',
    overflow: 'hidden',
    padding: `${PADDING}px 8px`,
    textAlign: 'right',
    color: theme.palette.text.secondary,
    background: theme.palette.background.default,
    userSelect: 'none',
  },
  wrong: {
    color: theme.palette.type === 'dark' ? '#f2666f' : '#d11f31',
    fontWeight: 700,
  },
  text: {
    flex: 1,
    resize: 'none',
    border: 0,
    outline: 0,
    margin: 0,
    padding: PADDING,
    font: 'inherit',
    whiteSpace: 'pre',
    overflow: 'auto',
    color: theme.palette.text.primary,
    background: 'transparent',
    '&::placeholder': { color: theme.palette.text.secondary, opacity: 0.8 },
  },
}));

export interface DocumentEditorHandle {
  /** Puts the cursor there, with the rest of the line selected, and scrolls to it. Both count from 1. */
  goTo(line: number, column: number): void;
}

/** A field for a service document, to type, paste or drop one into. Lines with problems have a mark at the left. */
export const DocumentEditor = forwardRef<
  DocumentEditorHandle,
  {
    value: string;
    problems: readonly Problem[];
    onChange: (value: string) => void;
  }
>(({ value, problems, onChange }, ref) => {
  const classes = useStyles();
  const id = useId();
  const text = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useImperativeHandle(
    ref,
    () => ({
      goTo(line, column) {
        const field = text.current!;
        const { start, end } = rangeOf(field.value, line, column);
        field.focus();
        field.setSelectionRange(start, end);
        field.scrollTop = (line - ROWS / 2) * LINE_HEIGHT;
      },
    }),
    [],
  );

  const read = async (files: FileList | null) => {
    if (files?.[0]) {
      onChange(await files[0].text());
    }
  };
  const wrong = new Set(problems.map(each => each.line));
  return (
    <div>
      <div className={classes.head}>
        <Typography component="label" htmlFor={id} className={classes.label}>
          Service document
        </Typography>
        <Button
          variant="tertiary"
          size="small"
          onPress={() => onChange(SAMPLE)}
        >
          Use the sample
        </Button>
        <Button
          variant="secondary"
          size="small"
          onPress={() => file.current!.click()}
        >
          Open a file
        </Button>
        <input
          ref={file}
          type="file"
          accept=".yaml,.yml"
          hidden
          aria-label="File to open"
          onChange={async (event: ChangeEvent<HTMLInputElement>) => {
            const { target } = event;
            await read(target.files);
            // The same file can be opened again after it was changed.
            target.value = '';
          }}
        />
      </div>
      <div
        className={`${classes.frame} ${isOver ? classes.over : ''}`}
        onDragOver={(event: DragEvent) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event: DragEvent) => {
          event.preventDefault();
          setOver(false);
          void read(event.dataTransfer.files);
        }}
      >
        <div ref={numbers} className={classes.numbers} aria-hidden="true">
          {value.split('\n').map((_, index) => (
            <div
              key={index}
              className={wrong.has(index + 1) ? classes.wrong : undefined}
            >
              {wrong.has(index + 1) && '● '}
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={text}
          id={id}
          className={classes.text}
          value={value}
          placeholder={SAMPLE}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          aria-invalid={problems.length > 0}
          onChange={event => onChange(event.target.value)}
          onScroll={event => {
            numbers.current!.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <Typography variant="caption" color="textSecondary">
        Paste a service.yaml, or drop the file here. Nothing is created or
        changed.
      </Typography>
    </div>
  );
});
