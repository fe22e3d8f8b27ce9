/**
 * Minutes east of UTC of the zone abbreviations that devices print after a time (Cisco `service timestamps … show-timezone`
 * and its kin). Where an abbreviation has several meanings the one most printed by such devices stands here: CST, EST,
 * MST and PST are North American, BST is British and IST Indian. An abbreviation that is not here falls back to the
 * sender's zone.
 */
const ZONE_OFFSETS: ReadonlyMap<string, number> = new Map([
  ['Z', 0],
  ['UTC', 0],
  ['GMT', 0],
  ['WET', 0],
  ['WEST', 60],
  ['BST', 60],
  ['CET', 60],
  ['MET', 60],
  ['CEST', 120],
  ['MEST', 120],
  ['EET', 120],
  ['SAST', 120],
  ['EEST', 180],
  ['MSK', 180],
  ['GST', 240],
  ['PKT', 300],
  ['IST', 330],
  ['ICT', 420],
  ['WIB', 420],
  ['SGT', 480],
  ['HKT', 480],
  ['PHT', 480],
  ['AWST', 480],
  ['JST', 540],
  ['KST', 540],
  ['ACST', 570],
  ['AEST', 600],
  ['ACDT', 630],
  ['AEDT', 660],
  ['NZST', 720],
  ['NZDT', 780],
  ['BRT', -180],
  ['ART', -180],
  ['NST', -210],
  ['AST', -240],
  ['ADT', -180],
  ['EST', -300],
  ['EDT', -240],
  ['CST', -360],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
  ['AKST', -540],
  ['AKDT', -480],
  ['HST', -600],
]);

/** Minutes east of UTC that a zone abbreviation stands for, undefined for one that is not known. */
export function zoneOffset(abbreviation: string): number | undefined {
  return ZONE_OFFSETS.get(abbreviation);
}
