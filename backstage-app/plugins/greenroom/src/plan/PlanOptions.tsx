import { Button, TextField } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { Choice } from '../forms/Choice';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: theme.spacing(2),
    marginTop: theme.spacing(2),
  },
  field: { flex: '0 1 18em' },
}));

/** Where, at which version, and the button. */
export const PlanOptions = (props: {
  environments: string[];
  environment: string;
  version: string;
  canPlan: boolean;
  isPlanning: boolean;
  onEnvironment: (environment: string) => void;
  onVersion: (version: string) => void;
  onPlan: () => void;
}) => {
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Choice
        className={classes.field}
        label="Environment"
        all="All environments"
        options={props.environments.map(each => ({ value: each, label: each }))}
        value={props.environment || undefined}
        onChange={environment => props.onEnvironment(environment ?? '')}
      />
      <TextField
        className={classes.field}
        label="Version"
        placeholder="The one that runs now"
        value={props.version}
        onChange={props.onVersion}
      />
      <Button
        variant="primary"
        isDisabled={!props.canPlan}
        isPending={props.isPlanning}
        onPress={props.onPlan}
      >
        Show the plan
      </Button>
    </div>
  );
};
