export { catalogHealthModule } from './catalog/module';
export { greenroomPlugin as default } from './plugin';
