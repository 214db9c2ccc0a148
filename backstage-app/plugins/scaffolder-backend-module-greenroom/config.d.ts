export interface Config {
  scaffolder?: {
    /** Greenroom's actions. */
    greenroom?: {
      /**
       * Where a copy of the list of actions is kept. It is used when Greenroom does not answer while the portal
       * starts. Without it, the portal then starts without these actions.
       */
      actionsFile?: string;
    };
  };
}
