import { useMemo, useState } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Button } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { useHealthState } from '../api/hooks';
import type { HealthSummary } from '../api/types';
import { ConnectionLine } from '../catalog/ConnectionLine';
import { Since } from '../health/Since';
import { judgementNow } from '../health/staleness';
import { VerdictLabel } from '../health/VerdictLabel';
import { Filters } from './Filters';
import { matching, within } from './narrowing';
import { counted, worstFirst } from './order';
import { useNarrowing } from './useNarrowing';

/** Rows that are drawn at once: more than anybody looks through, and few enough to be drawn at each change. */
const PAGE = 100;

const useStyles = makeStyles(theme => ({
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
      <TableCell className={classes.nowrap}>
        {summary.owner && (
          <EntityRefLink
            entityRef={parseEntityRef(summary.owner)}
            defaultKind="group"
          />
        )}
      </TableCell>
      <TableCell className={classes.sentence}>{summary.message}</TableCell>
      <TableCell className={classes.nowrap}>
        <Since moment={summary.since} />
      </TableCell>
    </TableRow>
  );
};

/** Services by health, the worst first, moved by the stream; `owners` narrows them to what these own. */
export const HealthList = (props: {
  owners?: ReadonlySet<string>;
  empty: string;
}) => {
  const { owners, empty } = props;
  const classes = useStyles();
  const { health, stale, connection } = useHealthState();
  const [narrowing, narrow] = useNarrowing();
  const [shown, setShown] = useState(PAGE);

  const known = useMemo(
    () =>
      [...health.values()].filter(
        each => !owners || (each.owner !== null && owners.has(each.owner)),
      ),
    [health, owners],
  );
  const there = useMemo(
    () => within(known, narrowing).map(each => judgementNow(each, stale)),
    [known, narrowing, stale],
  );
  const rows = useMemo(
    () => worstFirst(matching(there, narrowing)),
    [there, narrowing],
  );

  return (
    <>
      <ConnectionLine />
      <Filters
        narrowing={narrowing}
        owners={known.flatMap(each => each.owner ?? [])}
        environments={known.flatMap(each =>
          each.environments.map(({ name }) => name),
        )}
        verdicts={counted(there, narrowing.verdict)}
        onChange={narrow}
      />
      <div className={classes.scroll}>
        <Table size="small" aria-label="Services by health">
          <TableHead>
            <TableRow>
              {['Health', 'Service', 'Team', 'Why', 'Since'].map(each => (
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
