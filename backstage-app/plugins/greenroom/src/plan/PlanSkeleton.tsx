import { Skeleton, VisuallyHidden } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  rows: {
    display: 'grid',
    gap: theme.spacing(1.5),
    marginTop: theme.spacing(3),
  },
}));

/** What a plan looks like before it is there: about as high, so that little moves when it comes. */
export const PlanSkeleton = () => {
  const classes = useStyles();
  return (
    <div>
      <VisuallyHidden role="status">Comparing with what stands…</VisuallyHidden>
      <Skeleton width="24em" height={28} />
      <div className={classes.rows}>
        <Skeleton width="8em" height={24} />
        {[1, 2, 3, 4, 5].map(each => (
          <Skeleton key={each} width="100%" height={32} />
        ))}
      </div>
    </div>
  );
};
