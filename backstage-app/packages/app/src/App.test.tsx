import { render, waitFor } from '@testing-library/react';
import App from './App';

// Every plugin of the portal is loaded.
jest.setTimeout(60_000);

describe('App', () => {
  it('starts, and signs in as guest', async () => {
    const fetch = jest.fn().mockRejectedValue(new TypeError('no backend'));
    global.fetch = fetch;
    process.env = {
      NODE_ENV: 'test',
      // Read by the app's configuration, as the backend would give it.
      APP_CONFIG: [
        {
          context: 'test',
          data: {
            app: { title: 'Greenroom', baseUrl: 'http://localhost:3000' },
            backend: { baseUrl: 'http://localhost:3000' },
            auth: { providers: {} },
          },
        },
      ] as unknown as string,
    };

    render(App.createRoot());

    await waitFor(
      () =>
        expect(fetch).toHaveBeenCalledWith(
          expect.stringContaining('/api/auth/guest/refresh'),
          expect.anything(),
        ),
      { timeout: 30_000 },
    );
  });
});
