import { actionlint, composeReader, conftest, dashboardCheck, helm, kubeconform, kubernetes } from './src/tools.js';

/** Finds or builds the tools before the first test, one after another: no test's time limit counts a build. */
export default async function buildTools(): Promise<void> {
  await actionlint();
  await helm();
  await kubeconform();
  await conftest();
  await kubernetes();
  await composeReader();
  await dashboardCheck();
}
