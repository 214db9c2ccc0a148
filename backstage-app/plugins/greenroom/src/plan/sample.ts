/** What a service document looks like, for those who have none yet. */
export const SAMPLE = `apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  language: python
  framework: fastapi
  resources:
    cpu: small
    memory: medium
  dependencies:
    - type: postgresql
      size: small
    - type: redis
      size: small
  deployment:
    replicas:
      min: 2
      max: 10
  environments:
    - staging
    - production
`;
