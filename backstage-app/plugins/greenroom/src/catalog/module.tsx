import {
  coreExtensionData,
  createExtensionInput,
  createFrontendModule,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import CategoryIcon from '@material-ui/icons/Category';
import { z } from 'zod/v4';

/** Takes the place of the catalog plugin's own page, with the same filters, settings and routes. */
const catalogPage = PageBlueprint.makeWithOverrides({
  inputs: {
    filters: createExtensionInput([coreExtensionData.reactElement]),
  },
  configSchema: {
    pagination: z
      .union([
        z.boolean(),
        z.object({
          mode: z.enum(['cursor', 'offset']),
          limit: z.number().optional(),
        }),
      ])
      .default(true),
  },
  factory(originalFactory, { inputs, config }) {
    return originalFactory({
      path: '/catalog',
      routeRef: catalogPlugin.routes.catalogIndex,
      title: 'Catalog',
      icon: <CategoryIcon fontSize="inherit" />,
      loader: async () => {
        const { CatalogPage } = await import('./CatalogPage');
        return (
          <CatalogPage
            pagination={config.pagination}
            filters={inputs.filters.map(filter => (
              <div key={filter.node.spec.id}>
                {filter.get(coreExtensionData.reactElement)}
              </div>
            ))}
          />
        );
      },
    });
  },
});

/** The catalog's list with live health. */
export const catalogHealthModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [catalogPage],
});
