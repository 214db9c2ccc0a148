import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Milliseconds. Generous: whole pages are rendered, a loaded machine is slow, and nothing is judged by it.
configure({ asyncUtilTimeout: 15_000 });
jest.setTimeout(60_000);
