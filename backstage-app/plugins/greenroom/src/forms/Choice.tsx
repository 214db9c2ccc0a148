import { Select } from '@backstage/ui';

/** A value of its own, since an empty one means that nothing is chosen. */
const ALL = '*';

/** One of several, or all of them: `undefined`, in the words of `all`. */
export const Choice = (props: {
  className?: string;
  size?: 'small' | 'medium';
  label: string;
  all: string;
  options: readonly { value: string; label: string }[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) => (
  <Select
    className={props.className}
    size={props.size}
    label={props.label}
    options={[{ value: ALL, label: props.all }, ...props.options]}
    value={props.value ?? ALL}
    onChange={key => props.onChange(key === ALL ? undefined : String(key))}
  />
);
