import { FLOAT, shapeOf } from '../types/kind';
import { objectOf, VrlFloat } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { float, oneOf, withDefault } from './parameters';

/** Mean radius of the earth (IUGG R1). */
const EARTH_RADIUS_KILOMETERS = 6_371.0088;
const MILES_PER_KILOMETER = 0.621_371_2;

const RADII = {
  kilometers: EARTH_RADIUS_KILOMETERS,
  miles: EARTH_RADIUS_KILOMETERS * MILES_PER_KILOMETER,
};

const DISTANCE_DECIMALS = 7;
const BEARING_DECIMALS = 3;

function toRadians(degrees: number): number {
  return degrees * (Math.PI / 180);
}

function toDegrees(radians: number): number {
  return radians * (180 / Math.PI);
}

/** Infinite coordinates have no distance; it counts as 0, for the call cannot fail. */
function rounded(value: number, decimals: number): VrlFloat {
  const scale = 10 ** decimals;
  const result = Math.round(value * scale) / scale;
  return new VrlFloat(Number.isNaN(result) ? 0 : result);
}

const haversine = define({
  name: 'haversine',
  params: [
    float('latitude1'),
    float('longitude1'),
    float('latitude2'),
    float('longitude2'),
    withDefault(oneOf('measurement_unit', ['kilometers', 'miles']), 'kilometers'),
  ],
  returns: shapeOf({ distance: FLOAT, bearing: FLOAT }),
  fallible: false,
  fresh: true,
  run: (degreesLatitude1, degreesLongitude1, degreesLatitude2, degreesLongitude2, unit) => {
    const latitude1 = toRadians(degreesLatitude1);
    const latitude2 = toRadians(degreesLatitude2);
    const longitudes = toRadians(degreesLongitude2) - toRadians(degreesLongitude1);
    const halfChord =
      Math.sin((latitude2 - latitude1) / 2) ** 2 +
      Math.cos(latitude1) * Math.cos(latitude2) * Math.sin(longitudes / 2) ** 2;
    const distance = 2 * Math.asin(Math.sqrt(Math.min(halfChord, 1))) * RADII[unit];
    const east = Math.sin(longitudes) * Math.cos(latitude2);
    const north =
      Math.cos(latitude1) * Math.sin(latitude2) - Math.sin(latitude1) * Math.cos(latitude2) * Math.cos(longitudes);
    const bearing = (toDegrees(Math.atan2(east, north)) + 360) % 360;
    return objectOf([
      ['distance', rounded(distance, DISTANCE_DECIMALS)],
      ['bearing', rounded(bearing, BEARING_DECIMALS)],
    ]);
  },
});

export const functions: readonly FunctionDefinition[] = [haversine];
