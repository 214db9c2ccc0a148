import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar';

/** A packed workspace; `digest` is the SHA-256 of `archive` in hexadecimal. */
export interface PackedWorkspace {
  digest: string;
  archive: Buffer;
}

/** A workspace that cannot be taken over. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
}

/** A rendered service has some dozens of files; a monorepo of them has thousands. */
const MOST_ENTRIES = 20_000;
/** Bytes, unpacked. Greenroom takes no larger ones. */
const LARGEST_WORKSPACE = 256 * 1024 * 1024;

/** Packs the files below `folder`. The same names, contents and modes give the same digest. */
export async function packWorkspace(folder: string): Promise<PackedWorkspace> {
  const names = (await readdir(folder)).sort();
  // tar refuses to make an archive of nothing, and the folder itself is an entry that changes nothing.
  const pack = tar.create(
    {
      cwd: folder,
      gzip: { level: 6 },
      portable: true,
      noMtime: true,
      strict: true,
      jobs: 1,
    },
    names.length > 0 ? names.map(name => `./${name}`) : ['.'],
  );
  const chunks: Buffer[] = [];
  for await (const chunk of pack) {
    chunks.push(chunk as Buffer);
  }
  const archive = Buffer.concat(chunks);
  return { archive, digest: digestOf(archive) };
}

/**
 * Makes `folder` hold what is in `archive` and nothing else, by way of the empty folder `scratch` beside it.
 *
 * Throws WorkspaceError, with `folder` as it was, for another digest, for links and devices, for names that lead
 * out of the folder, and for more than the bounds allow.
 */
export async function replaceWorkspace(
  folder: string,
  scratch: string,
  { archive, digest }: PackedWorkspace,
): Promise<void> {
  if (digestOf(archive) !== digest) {
    throw new WorkspaceError(
      'the workspace arrived damaged: its digest differs',
    );
  }
  await unpack(archive, scratch);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(scratch)) {
    await rename(join(scratch, name), join(folder, name));
  }
}

async function unpack(archive: Buffer, folder: string): Promise<void> {
  let entries = 0;
  let bytes = 0;
  const extract = tar.extract({
    cwd: folder,
    strict: true,
    filter: (path, entry) => {
      entries += 1;
      bytes += entry.size;
      const fault =
        entries > MOST_ENTRIES || bytes > LARGEST_WORKSPACE
          ? `the workspace has more than ${MOST_ENTRIES} entries or ${LARGEST_WORKSPACE} bytes`
          : // The type is wider than what extraction passes: always entries of an archive.
            faultOf(path, entry as tar.ReadEntry);
      if (fault) {
        // Thrown from here it would be nobody's error: this is called by the decompression.
        extract.abort(new WorkspaceError(fault));
      }
      return !fault;
    },
  });
  await pipeline(Readable.from([archive]), extract);
}

function faultOf(path: string, entry: tar.ReadEntry): string | undefined {
  if (entry.type !== 'File' && entry.type !== 'Directory') {
    return `${path} is neither a file nor a folder`;
  }
  if (path.startsWith('/') || path.split(/[/\\]/).includes('..')) {
    return `${path} leads out of the workspace`;
  }
  return undefined;
}

function digestOf(archive: Buffer): string {
  return createHash('sha256').update(archive).digest('hex');
}
