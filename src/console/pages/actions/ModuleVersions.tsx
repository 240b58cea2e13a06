/**
 * The page that lists the published versions of a module. Compares each with the draft, or copies it into the draft.
 */
import { useSearch } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import type { Column } from '../../parts/ListTable';
import { usePowers } from '../../session/powers';
import type { Module, ModuleVersion } from './answers';
import { ModuleFrame } from './ModuleFrame';
import { useModuleVersions } from './module-queries';
import { MODULES } from './queries';
import { sayNoLoginChanges } from './say-uses';
import { VersionList } from './VersionList';

function RollBack({ module, version }: { readonly module: Module; readonly version: ModuleVersion }) {
  const { id, actions_using_module_total: uses } = module;
  const number = version.version_number;
  const then = 'a version is published from this draft and an Action is deployed with it';
  return (
    <ConfirmButton
      size="xs"
      verb="Restore to draft"
      question={`Restore version ${number} to the draft?`}
      effect={`The draft is overwritten with the code, packages and secrets of version ${number}. ${sayNoLoginChanges(uses, then)}`}
      run={() =>
        api.POST('/actions/modules/{id}/rollback', {
          params: { path: { id } },
          body: { module_version_id: version.id },
        })
      }
      changes={[MODULES]}
    />
  );
}

function Body({ module }: { readonly module: Module }) {
  const { version: chosen } = useSearch({ from: '/actions/modules/$moduleId/versions' });
  const may = usePowers();
  const back: Column<ModuleVersion> = {
    name: 'Restore',
    isButtons: true,
    cell: (version) => <RollBack module={module} version={version} />,
  };
  return (
    <VersionList
      list={useModuleVersions(module.id)}
      to={`/actions/modules/${module.id}/versions`}
      chosen={chosen}
      draft={module.code}
      numberOf={({ version_number: number }) => number}
      sayMade={({ created_at: at }) => ['published', at]}
      mark={({ version_number: number }) => (number === module.latest_version_number ? 'newest' : undefined)}
      more={may('create:actions') ? [back] : []}
      empty="Nothing is published yet. Each publication is kept here as a version: the newest fifty, and all that an Action uses."
    />
  );
}

export function ModuleVersions() {
  return <ModuleFrame>{(module) => <Body module={module} />}</ModuleFrame>;
}
