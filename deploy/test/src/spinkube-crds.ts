import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';

/** Where the CustomResourceDefinitions of SpinKube are looked for: no package registry carries them, and this repository neither. */
const spinKubeCrdsDir = process.env.SPINKUBE_CRDS ?? join(checkoutDir, '..', 'shared', 'crds');

/** The CustomResourceDefinitions of SpinKube, as YAML; undefined where there are none. */
export async function spinKubeCrds(): Promise<string[] | undefined> {
  try {
    const files = (await readdir(spinKubeCrdsDir)).filter(file => file.endsWith('.yaml'));
    return await Promise.all(files.map(file => readFile(join(spinKubeCrdsDir, file), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Why a test of Spin is skipped, and what would have it run. */
export const WITHOUT_SPINKUBE = `no CustomResourceDefinitions of SpinKube in ${spinKubeCrdsDir}: put spin-operator's release file spin-operator.crds.yaml into a folder and name it by SPINKUBE_CRDS`;
