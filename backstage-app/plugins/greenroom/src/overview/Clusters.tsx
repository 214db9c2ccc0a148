import { useMemo, useState } from 'react';
import { Button, Skeleton } from '@backstage/ui';
import { explain } from '@greenroom/client';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import type { Answer } from '../api/useAnswer';
import type { Cluster } from '../api/types';
import { Since } from '../health/Since';
import { VerdictLabel } from '../health/VerdictLabel';
import { leastKnownFirst, wordsOf } from './clusterWords';

/** Lines that leave room for services on the first screen. */
const FEW = 5;

const useStyles = makeStyles(theme => ({
  root: { overflowX: 'auto', marginBottom: theme.spacing(3) },
  nowrap: { whiteSpace: 'nowrap' },
  sentence: { width: '100%' },
}));

const Row = ({ cluster }: { cluster: Cluster }) => {
  const classes = useStyles();
  const { shown, word, sentence } = wordsOf(cluster);
  const reasons = cluster.kinds.flatMap(each => each.message ?? []);
  return (
    <TableRow>
      <TableCell className={classes.nowrap}>
        <VerdictLabel shown={shown} word={word} />
      </TableCell>
      <TableCell className={classes.nowrap}>
        {cluster.name}
        {cluster.simulated && ' (simulated)'}
      </TableCell>
      <TableCell>{cluster.environments.join(', ')}</TableCell>
      <TableCell className={classes.nowrap}>
        <Since moment={cluster.lastSeenAt ?? null} />
      </TableCell>
      <TableCell
        className={classes.sentence}
        title={[...new Set(reasons)].join('\n') || undefined}
      >
        {sentence}
      </TableCell>
    </TableRow>
  );
};

/** Where health comes from, a line each, and how much of it is heard; the least known first. */
export const Clusters = ({ answer }: { answer: Answer<Cluster[]> }) => {
  const classes = useStyles();
  const [all, setAll] = useState(false);
  const clusters = useMemo(
    () => leastKnownFirst(answer.value ?? []),
    [answer.value],
  );
  if (answer.error !== undefined) {
    return (
      <Typography className={classes.root} role="alert" color="error">
        {explain(answer.error)}
      </Typography>
    );
  }
  if (!answer.value) {
    return <Skeleton className={classes.root} width="100%" height={96} />;
  }
  if (clusters.length === 0) {
    return null;
  }
  const shown = all ? clusters : clusters.slice(0, FEW);
  return (
    <div className={classes.root}>
      <Table size="small" aria-label="Clusters">
        <TableHead>
          <TableRow>
            {['State', 'Cluster', 'Environment', 'Last answer', 'Why'].map(
              each => (
                <TableCell key={each} className={classes.nowrap}>
                  {each}
                </TableCell>
              ),
            )}
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map(each => (
            <Row key={each.name} cluster={each} />
          ))}
        </TableBody>
      </Table>
      {clusters.length > FEW && (
        <Button
          variant="tertiary"
          aria-expanded={all}
          onPress={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${clusters.length} clusters`}
        </Button>
      )}
    </div>
  );
};
