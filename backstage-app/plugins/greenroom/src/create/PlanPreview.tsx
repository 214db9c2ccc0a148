import { useCallback, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { Alert, Button } from '@backstage/ui';
import { explain } from '@greenroom/client';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { platformApiRef } from '../api/PlatformApi';
import { useAnswer } from '../api/useAnswer';
import { PlanSkeleton } from '../plan/PlanSkeleton';
import { PlanView } from '../plan/PlanView';
import { withoutFiles } from '../plan/sections';

/** What the Template says beside the field. */
export interface PreviewOptions {
  goldenPath: string;
  /** The names of the values that the golden path asks for. */
  fields: string[];
  /** Where the service runs as soon as it is created. */
  environment: string;
}

const useStyles = makeStyles(theme => ({
  root: { minHeight: 360 },
  taken: { marginBottom: theme.spacing(2) },
  files: { marginTop: theme.spacing(3), color: theme.palette.text.secondary },
  summary: { cursor: 'pointer' },
  list: { columns: '22em auto', paddingLeft: theme.spacing(3) },
  file: { breakInside: 'avoid', overflowWrap: 'anywhere' },
}));

const Files = ({ files }: { files: string[] }) => {
  const classes = useStyles();
  return (
    <details className={classes.files}>
      <summary className={classes.summary}>
        {files.length} files in the new repository
      </summary>
      <ul className={classes.list}>
        {files.map(each => (
          <li key={each} className={classes.file}>
            {each}
          </li>
        ))}
      </ul>
    </details>
  );
};

/** A field that asks for nothing: it shows what creating would make of the values on the pages before. */
export const PlanPreview = (
  props: FieldExtensionComponentProps<string, PreviewOptions>,
) => {
  const classes = useStyles();
  const platform = useApi(platformApiRef);
  const { goldenPath, fields, environment } = props.uiSchema['ui:options']!;
  const given = JSON.stringify(
    valuesOf(props.formContext?.formData ?? {}, fields),
  );
  const values = useMemo(() => JSON.parse(given), [given]);
  const ask = useCallback(
    (signal: AbortSignal) => platform.preview(goldenPath, values, signal),
    [platform, goldenPath, values],
  );
  const { value, error, asking, again } = useAnswer(ask);
  const others = new Set(value?.plan?.changes.map(each => each.environment));
  ['', environment].forEach(each => others.delete(each));
  return (
    <section className={classes.root} aria-label="What would be created">
      {!!error && (
        <>
          <Typography role="alert" color="error" paragraph>
            What would be created cannot be shown. {explain(error)}
          </Typography>
          <Button variant="secondary" isPending={asking} onPress={again}>
            Try again
          </Button>
        </>
      )}
      {asking && !value && !error && <PlanSkeleton />}
      {value && (
        <>
          {value.taken && (
            <Alert
              role="alert"
              status="danger"
              icon
              title="This name cannot be used"
              description={value.taken}
              className={classes.taken}
            />
          )}
          {value.plan && (
            <>
              <Typography paragraph>
                Nothing is created yet. <strong>Create</strong> makes the
                repository and runs the service in{' '}
                <strong>{environment}</strong>
                {others.size > 0 &&
                  `; ${[...others].join(
                    ', ',
                  )} follows when you promote it there`}
                .
              </Typography>
              <PlanView plan={withoutFiles(value.plan)} />
            </>
          )}
          <Files files={value.files} />
        </>
      )}
    </section>
  );
};

function valuesOf(
  form: Record<string, unknown>,
  fields: string[],
): Record<string, unknown> {
  return Object.fromEntries(
    fields
      .filter(each => form[each] !== undefined)
      .map(each => [each, form[each]]),
  );
}
