import fc from 'fast-check';

/**
 * Property tests draw new cases every time they are run by hand, and the same ones under `.ci/run`: there a change is
 * judged, not the luck of the draw. `PROPERTY_SEED` asks for any other draw; a failure tells its seed.
 */
const seed = process.env.PROPERTY_SEED ?? '';
if (seed !== '') fc.configureGlobal({ seed: Number(seed) });
