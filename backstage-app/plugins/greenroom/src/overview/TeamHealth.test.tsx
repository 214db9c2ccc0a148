import { act, screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { healthApiRef } from '../api/HealthApi';
import { FakeHealth, summary } from '../testing/FakeHealth';
import { TeamHealth } from './TeamHealth';

describe('TeamHealth', () => {
  it('shows what the team and the teams right below it own', async () => {
    const health = new FakeHealth();
    const group = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'Shop', namespace: 'default' },
      relations: [{ type: 'parentOf', targetRef: 'group:default/web' }],
    };
    await renderInTestApp(
      <EntityProvider entity={group}>
        <TeamHealth />
      </EntityProvider>,
      {
        apis: [[healthApiRef, health]],
        mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      },
    );
    const owned = (name: string, owner: string | null) => ({
      ...summary(name),
      owner,
    });
    act(() =>
      health.tell(
        owned('own', 'group:default/shop'),
        owned('below', 'group:default/web'),
        owned('another', 'group:default/commerce'),
        owned('of-nobody', null),
      ),
    );
    expect(screen.getByText('own')).toBeInTheDocument();
    expect(screen.getByText('below')).toBeInTheDocument();
    expect(screen.queryByText('another')).not.toBeInTheDocument();
    expect(screen.queryByText('of-nobody')).not.toBeInTheDocument();
  });
});
