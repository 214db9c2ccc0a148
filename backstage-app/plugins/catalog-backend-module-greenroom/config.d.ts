export interface Config {
  catalog?: {
    providers?: {
      /** Entities from Greenroom. */
      greenroom?: {
        /**
         * The share of the known entities, in percent, that may go at once. More is refused, since it is nearly
         * always a fault of a source and not somebody's wish. 100 allows everything. Default: 50.
         */
        largestRemovalPercentage?: number;
        /**
         * How many entities may always go at once, whatever their share: small catalogs change a lot. Default: 20.
         */
        smallestGuardedRemoval?: number;
      };
    };
  };
}
