import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  Card,
  CardBody,
  Container,
  Header,
  Radio,
  RadioGroup,
} from '@backstage/ui';
import { ProblemError, type Problem } from '@greenroom/client';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { platformApiRef } from '../api/PlatformApi';
import type { PlanRequest } from '../api/plan';
import { useAnswer } from '../api/useAnswer';
import { DocumentEditor, type DocumentEditorHandle } from './DocumentEditor';
import { PlanOptions } from './PlanOptions';
import { PlanResult } from './PlanResult';
import { ProblemList } from './ProblemList';
import { ServicePicker, useServices } from './ServicePicker';
import { useCheckedDocument } from './useCheckedDocument';
import { usePlanForm, type Source } from './usePlanForm';

const useStyles = makeStyles(theme => ({
  card: { marginBottom: theme.spacing(3) },
  given: { marginTop: theme.spacing(2) },
  picker: { maxWidth: '33em' },
  problems: { marginTop: theme.spacing(2) },
}));

/** What would happen to a service, before anything does. */
export const PlanPage = () => {
  const classes = useStyles();
  const platform = useApi(platformApiRef);
  const { services, error: catalogError } = useServices();
  const [named, setNamed] = useState<string[]>([]);
  const form = usePlanForm(services, named);
  const checked = useCheckedDocument(form.document);
  useEffect(() => {
    if (checked?.service) {
      setNamed(checked.service.environments);
    }
  }, [checked]);

  const [asked, setAsked] = useState<PlanRequest>();
  const ask = useCallback(
    (signal: AbortSignal) => platform.plan(asked!, signal),
    [platform, asked],
  );
  const answer = useAnswer(asked && ask);
  const isOld = !!asked && !sameRequest(asked, form.request);

  const editor = useRef<DocumentEditorHandle>(null);
  const jump = (line: number, column: number) =>
    editor.current?.goTo(line, column);
  // Found while planning, by looking further than the check does.
  const found =
    !isOld && asked?.document !== undefined ? problemsOf(answer.error) : [];
  const problems = found.length > 0 ? found : checked?.problems ?? [];
  const isDocument = form.source === 'document';
  return (
    <>
      <Header
        title="Plan a change"
        description="See what would happen to a service before anything is created or changed."
      />
      <Container>
        <Card className={classes.card}>
          <CardBody>
            <RadioGroup
              label="What to plan"
              orientation="horizontal"
              value={form.source}
              onChange={value => form.setSource(value as Source)}
            >
              <Radio value="document">A document</Radio>
              <Radio value="service">A service of the catalog</Radio>
            </RadioGroup>
            <div className={classes.given}>
              {isDocument ? (
                <DocumentEditor
                  ref={editor}
                  value={form.document}
                  problems={problems}
                  onChange={form.setDocument}
                />
              ) : (
                <div className={classes.picker}>
                  <ServicePicker
                    services={services}
                    error={catalogError}
                    value={form.serviceRef}
                    onChange={form.setService}
                  />
                </div>
              )}
            </div>
            {isDocument && problems.length > 0 && (
              <div className={classes.problems}>
                <ProblemList problems={problems} onJump={jump} />
              </div>
            )}
            {!isDocument && form.hasNoRepository && (
              <Typography className={classes.problems} role="status">
                This service comes from a folder, not from a repository. Paste
                its document to see its plan.
              </Typography>
            )}
            <PlanOptions
              {...form}
              onEnvironment={form.setEnvironment}
              onVersion={form.setVersion}
              canPlan={!!form.request}
              isPlanning={answer.asking}
              onPlan={() => {
                setAsked({ ...form.request! });
              }}
            />
          </CardBody>
        </Card>
        {asked && (
          <PlanResult
            asked={asked}
            answer={answer}
            isOld={isOld}
            hasProblems={found.length > 0}
          />
        )}
      </Container>
    </>
  );
};

function problemsOf(error: unknown): readonly Problem[] {
  return error instanceof ProblemError ? error.problems : [];
}

function sameRequest(one: PlanRequest, other: PlanRequest | undefined) {
  return JSON.stringify(one) === JSON.stringify(other);
}
