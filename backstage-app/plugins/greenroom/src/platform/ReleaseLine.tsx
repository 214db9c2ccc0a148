import { parseEntityRef, type Entity } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ServiceDescription } from '../api/description';

const useStyles = makeStyles(theme => ({
  root: { marginBottom: theme.spacing(2) },
  notes: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

/** Backstage's own annotation of what a Template made. */
const SOURCE_TEMPLATE = 'backstage.io/source-template';

/** The golden path that the service began with, the release that it follows, and what newer ones bring. */
export const ReleaseLine = (props: {
  entity: Entity;
  release: ServiceDescription['release'];
}) => {
  const { pinned, used, newer } = props.release;
  const classes = useStyles();
  const template = props.entity.metadata.annotations?.[SOURCE_TEMPLATE];
  return (
    <div className={classes.root}>
      {template && (
        <Typography>
          Made from the golden path{' '}
          <EntityRefLink
            entityRef={parseEntityRef(template, {
              defaultKind: 'template',
              defaultNamespace: props.entity.metadata.namespace,
            })}
          />
          .
        </Typography>
      )}
      <Typography>
        {pinned ? (
          <>
            Pinned to release <strong>{used}</strong> of the platform
            {newer.length === 0 && ', the newest'}.
          </>
        ) : (
          <>
            Follows the newest release of the platform, now{' '}
            <strong>{used}</strong>.
          </>
        )}
      </Typography>
      {newer.map(({ name, date, notes }) => (
        <details key={name}>
          <summary>
            {name} is there since {date}
          </summary>
          <ul className={classes.notes}>
            {notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
};
