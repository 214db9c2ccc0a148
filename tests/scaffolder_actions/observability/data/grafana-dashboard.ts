// What a generated dashboard may hold, from Grafana's own types (@grafana/schema 10.1.9, Apache-2.0), with those of the
// panels and of the data source in their places. `grafana-dashboard.schema.json` was made of it, in a folder with
// that package, typescript 5.9.3 and ts-json-schema-generator 2.10.0:
//
//   npx ts-json-schema-generator --path grafana-dashboard.ts --type Generated --tsconfig tsconfig.json \
//     --no-type-check --jsDoc none --expose none --minify --out grafana-dashboard.schema.json
//
// where tsconfig.json asks for `strictNullChecks`.
import type {
  AnnotationQuery,
  Dashboard,
  FieldConfig,
  Panel,
  RowPanel,
  VariableModel,
} from './node_modules/@grafana/schema/dist/esm/raw/dashboard/x/dashboard_types.gen';
import type { PrometheusDataQuery } from './node_modules/@grafana/schema/dist/esm/raw/composable/prometheus/dataquery/x/PrometheusDataQuery_types.gen';
import type { Options as StatOptions } from './node_modules/@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as SeriesFieldConfig,
  Options as SeriesOptions,
} from './node_modules/@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// The Prometheus data source reads `expr` and `titleFormat` of an annotation; Grafana's own types leave them out.
interface Annotation extends Omit<AnnotationQuery, 'target'> {
  expr: string;
  titleFormat: string;
}

// The SDK writes the fields of one kind of variable for all of them.
interface Variable extends VariableModel {
  auto: boolean;
  auto_count: number;
  auto_min: string;
}

interface Fields<Custom> {
  defaults: Omit<FieldConfig, 'custom'> & { custom?: Partial<Custom> };
  overrides: never[];
}

interface Drawn<Type, Options, Custom> extends Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'> {
  type: Type;
  options: Options;
  fieldConfig: Fields<Custom>;
  targets: PrometheusDataQuery[];
}

type Row = Omit<RowPanel, 'panels'> & { panels: never[] };
type Stat = Drawn<'stat', StatOptions, Record<string, never>>;
type Series = Drawn<'timeseries', SeriesOptions, SeriesFieldConfig>;

export interface Generated extends Omit<Dashboard, 'panels' | 'annotations' | 'templating'> {
  templating: { list: Variable[] };
  annotations: { list: Annotation[] };
  panels: (Row | Stat | Series)[];
}
