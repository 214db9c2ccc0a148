import { act, screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { healthApiRef } from '../api/HealthApi';
import { FakeHealth } from '../testing/FakeHealth';
import { ConnectionLine } from './ConnectionLine';

describe('ConnectionLine', () => {
  it('says whether health is live, and if not, how old it is', async () => {
    const health = new FakeHealth();
    await renderInTestApp(<ConnectionLine />, {
      apis: [[healthApiRef, health]],
    });
    expect(await screen.findByRole('status')).toHaveTextContent(
      'Health: connecting',
    );

    act(() => health.become({ connection: 'live' }));
    expect(screen.getByRole('status')).toHaveTextContent('Health: live');

    health.seenAt = Date.now() - 12_000;
    act(() => health.become({ connection: 'reconnecting' }));
    expect(screen.getByRole('status')).toHaveTextContent(
      'Health: reconnecting',
    );
    expect(screen.getByText(/, last seen 1[23] s ago/)).toBeInTheDocument();
  });
});
