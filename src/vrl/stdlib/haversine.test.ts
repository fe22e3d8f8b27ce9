import { f, testCalls } from '../testing/run';
import { functions } from './haversine';

describe('haversine', () => {
  testCalls(functions, [
    // A degree of the equator is 2πr / 360.
    ['haversine', [f(0), f(0), f(0), f(1)], { distance: f(111.1950802), bearing: f(90) }],
    ['haversine', [f(0), f(0), f(1), f(0)], { distance: f(111.1950802), bearing: f(0) }],
    ['haversine', [f(0), f(0), f(0), f(-1), 'miles'], { distance: f(69.0934204), bearing: f(270) }],
    ['haversine', [f(10), f(20), f(10), f(20)], { distance: f(0), bearing: f(0) }],
    ['haversine', [f(90), f(0), f(-90), f(0)], { distance: f(20015.114442), bearing: f(180) }],
    ['haversine', [f(Infinity), f(0), f(0), f(0)], { distance: f(0), bearing: f(0) }],
  ]);
});
