import { createHash } from 'node:crypto';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tar from 'tar';
import { packWorkspace, replaceWorkspace } from './workspace';

describe('workspace', () => {
  let root: string;
  let folder: string;
  let scratch: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'workspace-'));
    folder = join(root, 'task');
    scratch = join(root, 'scratch');
    await mkdir(join(folder, 'src'), { recursive: true });
    await mkdir(scratch);
    await writeFile(join(folder, 'src', 'app.py'), 'print("hello")\n');
    await writeFile(join(folder, 'service.yaml'), 'kind: Service\n');
  });
  afterEach(() => rm(root, { recursive: true }));

  const digestOf = (archive: Buffer) =>
    createHash('sha256').update(archive).digest('hex');

  it('gives the same digest for the same files, whenever they were written', async () => {
    const before = await packWorkspace(folder);
    await utimes(join(folder, 'service.yaml'), 1, 1);

    const after = await packWorkspace(folder);

    expect(after.digest).toBe(before.digest);
    expect(after.digest).toBe(digestOf(after.archive));
  });

  it('packs an empty workspace', async () => {
    const { archive, digest } = await packWorkspace(scratch);
    await mkdir(join(root, 'other'));

    await replaceWorkspace(folder, join(root, 'other'), { archive, digest });

    expect(await readdir(folder)).toEqual([]);
  });

  it('replaces what was there by what the run gave back', async () => {
    const packed = await packWorkspace(folder);
    await writeFile(join(folder, 'left-over.txt'), 'old');
    await writeFile(join(folder, 'service.yaml'), 'changed');

    await replaceWorkspace(folder, scratch, packed);

    expect((await readdir(folder)).sort()).toEqual(['service.yaml', 'src']);
    expect(await readFile(join(folder, 'service.yaml'), 'utf8')).toBe(
      'kind: Service\n',
    );
  });

  it('refuses an archive that is not what its digest says', async () => {
    const { archive } = await packWorkspace(folder);

    await expect(
      replaceWorkspace(folder, scratch, {
        archive,
        digest: digestOf(Buffer.of()),
      }),
    ).rejects.toThrow('its digest differs');
  });

  it('refuses links, and leaves the workspace as it was', async () => {
    const evil = join(root, 'evil');
    await mkdir(evil);
    await symlink('/etc/passwd', join(evil, 'link'));
    const packed = await packWorkspace(evil);

    await expect(replaceWorkspace(folder, scratch, packed)).rejects.toThrow(
      'neither a file nor a folder',
    );

    expect((await readdir(folder)).sort()).toEqual(['service.yaml', 'src']);
  });

  it('refuses names that lead out of the workspace', async () => {
    const file = join(root, 'evil.tgz');
    await tar.create({ file, gzip: true, cwd: scratch, preservePaths: true }, [
      '../task/service.yaml',
    ]);
    const archive = await readFile(file);

    await expect(
      replaceWorkspace(folder, scratch, { archive, digest: digestOf(archive) }),
    ).rejects.toThrow('leads out of the workspace');
  });
});
