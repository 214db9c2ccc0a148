# shellcheck shell=bash
# SLSA provenance 1.0 of this run, in the form that GitHub's own attestations have: which workflow built which commit.
jq --null-input '
  "\(env.GITHUB_SERVER_URL)/\(env.GITHUB_REPOSITORY)" as $repository |
  {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: {
        workflow: {
          ref: env.GITHUB_REF,
          repository: $repository,
          path: (env.GITHUB_WORKFLOW_REF | ltrimstr("\(env.GITHUB_REPOSITORY)/") | split("@")[0])
        }
      },
      internalParameters: {
        github: {
          event_name: env.GITHUB_EVENT_NAME,
          repository_id: env.GITHUB_REPOSITORY_ID,
          repository_owner_id: env.GITHUB_REPOSITORY_OWNER_ID,
          runner_environment: env.RUNNER_ENVIRONMENT
        }
      },
      resolvedDependencies: [{uri: "git+\($repository)@\(env.GITHUB_REF)", digest: {gitCommit: env.COMMIT}}]
    },
    runDetails: {
      builder: {id: "\(env.GITHUB_SERVER_URL)/\(env.GITHUB_WORKFLOW_REF)"},
      metadata: {invocationId: "\($repository)/actions/runs/\(env.GITHUB_RUN_ID)/attempts/\(env.GITHUB_RUN_ATTEMPT)"}
    }
  }' > "${RUNNER_TEMP}/provenance.json"
