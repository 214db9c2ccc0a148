export { scaffolderModuleGreenroom as default } from './module';
