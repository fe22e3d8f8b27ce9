/**
 * Under `.ci/run` a test against a running server is tried once more before it counts as failed: on a machine that does
 * other things at the same time, its sockets and processes may miss a deadline. What went wrong first is printed.
 */
const { testPath } = expect.getState();
if (process.env.CI === 'true' && testPath !== undefined && !/[\\/]src[\\/]/.test(testPath)) {
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
