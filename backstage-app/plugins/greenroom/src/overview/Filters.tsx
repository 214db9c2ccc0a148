import { TextField, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import type { Verdict } from '../api/types';
import { Choice } from '../forms/Choice';
import { teamName, type Narrowing } from './narrowing';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: theme.spacing(1, 3),
    marginBottom: theme.spacing(2),
  },
  field: { flex: '0 1 14em' },
  // A line of their own, as high as the buttons, which come with the first answer.
  verdicts: { flexBasis: '100%', minHeight: 32 },
}));

/** Narrows a list of services: by team, environment, text, and the verdicts that there are of them. */
export const Filters = (props: {
  narrowing: Narrowing;
  owners: readonly string[];
  environments: readonly string[];
  verdicts: readonly { verdict: Verdict; count: number }[];
  onChange: (change: Partial<Narrowing>) => void;
}) => {
  const classes = useStyles();
  const { narrowing, onChange } = props;
  return (
    <div className={classes.root}>
      <Choice
        className={classes.field}
        size="small"
        label="Team"
        all="All teams"
        options={withChosen(props.owners, narrowing.owner).map(each => ({
          value: each,
          label: teamName(each),
        }))}
        value={narrowing.owner}
        onChange={owner => onChange({ owner })}
      />
      <Choice
        className={classes.field}
        size="small"
        label="Environment"
        all="All environments"
        options={withChosen(props.environments, narrowing.environment).map(
          each => ({ value: each, label: each }),
        )}
        value={narrowing.environment}
        onChange={environment => onChange({ environment })}
      />
      <TextField
        className={classes.field}
        label="Name or reason"
        size="small"
        value={narrowing.text ?? ''}
        onChange={text => onChange({ text })}
      />
      <div className={classes.verdicts}>
        {props.verdicts.length > 0 && (
          <ToggleButtonGroup
            aria-label="Verdict"
            selectionMode="single"
            selectedKeys={narrowing.verdict ? [narrowing.verdict] : []}
            onSelectionChange={keys =>
              onChange({ verdict: [...keys][0] as Verdict | undefined })
            }
          >
            {props.verdicts.map(each => (
              <ToggleButton key={each.verdict} id={each.verdict}>
                {`${each.count} ${each.verdict}`}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
      </div>
    </div>
  );
};

/** In order, with what is chosen among them even where nothing has it any more. */
function withChosen(
  values: readonly string[],
  chosen: string | undefined,
): string[] {
  return [...new Set([...values, ...(chosen ? [chosen] : [])])].sort();
}
