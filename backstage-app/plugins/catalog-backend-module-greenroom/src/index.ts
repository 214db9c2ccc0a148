export { catalogModuleGreenroom as default } from './module';
