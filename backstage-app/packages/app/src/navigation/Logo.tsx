import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles({
  link: {
    display: 'flex',
    alignItems: 'center',
    height: 2.5 * sidebarConfig.logoHeight,
    paddingLeft: 22,
    gap: 12,
  },
  name: {
    color: '#ffffff',
    fontSize: 20,
    fontWeight: 600,
    letterSpacing: 0.2,
  },
});

/** The way home: a door ajar, and the name while there is room for it. */
export const Logo = () => {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <Link
      to="/"
      underline="none"
      className={classes.link}
      aria-label="Greenroom, home"
    >
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <path
          fill="#6fcf97"
          d="M4 29V5a3 3 0 0 1 3-3h18a3 3 0 0 1 3 3v24h-4V6H8v23z"
        />
        <path fill="#b7efce" d="M10 8l9 3v18l-9-2z" />
        <circle cx="16.4" cy="19" r="1.4" fill="#1d4d33" />
      </svg>
      {isOpen && <span className={classes.name}>Greenroom</span>}
    </Link>
  );
};
