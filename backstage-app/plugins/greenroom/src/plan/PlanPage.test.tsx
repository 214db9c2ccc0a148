import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { ProblemError, type Problem } from '@greenroom/client';
import { platformApiRef } from '../api/PlatformApi';
import { change, FakePlatform, plan } from '../testing/FakePlatform';
import { PlanPage } from './PlanPage';

const DOCUMENT = 'kind: Service\nmetadata:\n  name: order-api\n';

const problem: Problem = {
  file: 'service.yaml',
  line: 2,
  column: 1,
  message: 'metadata: team is missing.',
  remedy: 'Add it.',
  page: 'https://portal.example/docs/team',
};

const entities = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'order-api',
      namespace: 'default',
      annotations: {
        'greenroom/environments': 'staging,production',
        'backstage.io/source-location': 'url:https://git.example/shop/order/',
      },
    },
  },
];

describe('PlanPage', () => {
  beforeAll(() => {
    // Not in jsdom.
    Element.prototype.scrollIntoView = jest.fn();
  });

  const open = async (platform: FakePlatform, address = '/') => {
    await renderInTestApp(<PlanPage />, {
      apis: [
        [platformApiRef, platform],
        [catalogApiRef, catalogApiMock({ entities })],
      ],
      initialRouteEntries: [address],
    });
    await screen.findByText('Plan a change');
  };
  const editor = () =>
    screen.getByRole<HTMLTextAreaElement>('textbox', {
      name: 'Service document',
    });
  const paste = (text: string) =>
    fireEvent.change(editor(), { target: { value: text } });
  const submit = () =>
    userEvent.click(screen.getByRole('button', { name: 'Show the plan' }));

  it('shows what a pasted document would do', async () => {
    const platform = new FakePlatform();
    await open(platform);
    expect(
      screen.getByRole('button', { name: 'Show the plan' }),
    ).toBeDisabled();
    paste(DOCUMENT);
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Version' }),
      '1.4.2',
    );
    await submit();

    expect(
      await screen.findByRole('table', { name: 'Changes in staging' }),
    ).toBeInTheDocument();
    expect(platform.asked).toEqual([{ document: DOCUMENT, version: '1.4.2' }]);
    expect(
      screen.getByRole('heading', { name: 'What would happen' }),
    ).toHaveFocus();
  });

  it('offers the environments that the document names', async () => {
    const platform = new FakePlatform();
    await open(platform);
    paste(DOCUMENT);
    await waitFor(() => expect(platform.checked).toEqual([DOCUMENT]));
    await userEvent.click(screen.getByRole('button', { name: /Environment/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'production' }),
    );
    await submit();

    await waitFor(() =>
      expect(platform.asked).toEqual([
        { document: DOCUMENT, environment: 'production' },
      ]),
    );
  });

  it('lists errors while one types, each leading to its line', async () => {
    const platform = new FakePlatform();
    platform.validated = () => ({ valid: false, problems: [problem] });
    await open(platform);
    paste(DOCUMENT);

    const list = await screen.findByRole('region', {
      name: 'Errors in the document',
    });
    expect(list).toHaveTextContent('1 error in the document');
    expect(list).toHaveTextContent('metadata: team is missing. Add it.');
    expect(
      within(list).getByRole('link', { name: /What this field means/ }),
    ).toHaveAttribute('href', problem.page);
    await userEvent.click(
      within(list).getByRole('button', { name: 'Go to line 2, column 1' }),
    );

    expect(editor()).toHaveFocus();
    const { selectionStart, selectionEnd, value } = editor();
    expect(value.slice(selectionStart, selectionEnd)).toBe('metadata:');
  });

  it('lists errors that only planning finds, until the document changes', async () => {
    const platform = new FakePlatform();
    platform.planned = async () => {
      throw new ProblemError('Wrong.', 400, 'InputError', undefined, [problem]);
    };
    await open(platform);
    paste(DOCUMENT);
    await submit();

    expect(
      await screen.findByText('1 error in the document'),
    ).toBeInTheDocument();
    expect(screen.getByText(/Nothing can be planned/)).toBeInTheDocument();
    paste(`${DOCUMENT}spec: {}\n`);
    expect(
      screen.queryByText('1 error in the document'),
    ).not.toBeInTheDocument();
  });

  it('says when the plan is not of what stands in the form any more', async () => {
    await open(new FakePlatform());
    paste(DOCUMENT);
    await submit();
    await screen.findByText(/1 to change/);
    expect(screen.queryByText(/asked before/)).not.toBeInTheDocument();

    paste(`${DOCUMENT}spec: {}\n`);

    expect(screen.getByText(/asked before/)).toBeInTheDocument();
  });

  it('plans the document of a service that an address names', async () => {
    const platform = new FakePlatform();
    await open(platform, '/?service=component:default/order-api');
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: 'Show the plan' }),
      ).toBeEnabled(),
    );
    await submit();

    await waitFor(() =>
      expect(platform.asked).toEqual([{ repository: 'shop/order' }]),
    );
  });

  it('takes a file that is dropped, and the sample', async () => {
    await open(new FakePlatform());
    await userEvent.click(
      screen.getByRole('button', { name: 'Use the sample' }),
    );
    expect(editor().value).toContain('name: order-api');

    // jsdom's files have no text().
    const file = { text: async () => DOCUMENT };
    fireEvent.drop(editor(), { dataTransfer: { files: [file] } });

    await waitFor(() => expect(editor().value).toBe(DOCUMENT));
  });

  it('shows an outline until the plan is there, and says why there is none', async () => {
    const platform = new FakePlatform();
    let fail = (_: unknown) => {};
    platform.planned = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    await open(platform);
    paste(DOCUMENT);
    await submit();
    expect(
      await screen.findByText('Comparing with what stands…'),
    ).toBeInTheDocument();

    fail(new TypeError('fetch failed'));

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'There is no plan. Greenroom cannot be reached (fetch failed).',
    );
    platform.planned = async () => plan([change()]);
    await submit();
    expect(await screen.findByText(/1 to change/)).toBeInTheDocument();
  });
});
