import { useMemo, useState } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  Button,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { useHealthState } from '../api/hooks';
import type { HealthSummary, Verdict } from '../api/types';
import { ConnectionLine } from '../catalog/ConnectionLine';
import { Since } from '../health/Since';
import { judgementNow } from '../health/staleness';
import { VerdictLabel } from '../health/VerdictLabel';
import { counted, worstFirst } from './order';

/** Rows that are drawn at once: more than anybody looks through, and few enough to be drawn at each change. */
const PAGE = 100;

const useStyles = makeStyles(theme => ({
  filters: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: theme.spacing(1, 3),
    marginBottom: theme.spacing(2),
  },
  scroll: { overflowX: 'auto', minHeight: 240 },
  nowrap: { whiteSpace: 'nowrap' },
  sentence: { maxWidth: '46em' },
  more: { marginTop: theme.spacing(2) },
}));

const Row = ({ summary }: { summary: HealthSummary }) => {
  const classes = useStyles();
  return (
    <TableRow>
      <TableCell className={classes.nowrap}>
        <VerdictLabel shown={summary.status} />
      </TableCell>
      <TableCell className={classes.nowrap}>
        <EntityRefLink
          entityRef={parseEntityRef(summary.entityRef)}
          defaultKind="component"
        />
      </TableCell>
      <TableCell className={classes.sentence}>{summary.message}</TableCell>
      <TableCell className={classes.nowrap}>
        <Since moment={summary.since} />
      </TableCell>
    </TableRow>
  );
};

/** Services by health, the worst first, moved by the stream; `refs` narrows them to some entities. */
export const HealthList = (props: {
  refs?: ReadonlySet<string>;
  empty: string;
}) => {
  const { refs, empty } = props;
  const classes = useStyles();
  const { health, stale, connection } = useHealthState();
  const [verdict, setVerdict] = useState<Verdict>();
  const [text, setText] = useState('');
  const [shown, setShown] = useState(PAGE);

  const known = useMemo(
    () =>
      [...health.values()]
        .filter(each => !refs || refs.has(each.entityRef))
        .map(each => judgementNow(each, stale)),
    [health, refs, stale],
  );
  const counts = useMemo(() => counted(known), [known]);
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return worstFirst(
      known.filter(
        each =>
          (!verdict || each.status === verdict) &&
          (!wanted ||
            `${each.entityRef} ${each.message}`.toLowerCase().includes(wanted)),
      ),
    );
  }, [known, verdict, text]);

  return (
    <>
      <ConnectionLine />
      <div className={classes.filters}>
        <ToggleButtonGroup
          aria-label="Verdict"
          selectionMode="single"
          selectedKeys={verdict ? [verdict] : []}
          onSelectionChange={keys =>
            setVerdict([...keys][0] as Verdict | undefined)
          }
        >
          {counts.map(each => (
            <ToggleButton key={each.verdict} id={each.verdict}>
              {`${each.count} ${each.verdict}`}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <TextField
          label="Name or reason"
          size="small"
          value={text}
          onChange={setText}
        />
      </div>
      <div className={classes.scroll}>
        <Table size="small" aria-label="Services by health">
          <TableHead>
            <TableRow>
              {['Health', 'Service', 'Why', 'Since'].map(each => (
                <TableCell key={each}>{each}</TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.slice(0, shown).map(each => (
              <Row key={each.entityRef} summary={each} />
            ))}
          </TableBody>
        </Table>
        {rows.length === 0 && connection !== 'connecting' && (
          <Typography color="textSecondary" role="status">
            {known.length === 0 ? empty : 'No service is like that.'}
          </Typography>
        )}
      </div>
      {rows.length > shown && (
        <Button
          className={classes.more}
          variant="secondary"
          onPress={() => setShown(shown + PAGE)}
        >
          {`Show more of ${rows.length}`}
        </Button>
      )}
    </>
  );
};
