import { render, screen } from '@testing-library/react';
import App from './App';

// Every plugin of the portal is loaded.
jest.setTimeout(60_000);

describe('App', () => {
  it('starts, and asks who is there', async () => {
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

    expect(
      await screen.findByText(/sign in|guest/i, {}, { timeout: 30_000 }),
    ).toBeInTheDocument();
  });
});
