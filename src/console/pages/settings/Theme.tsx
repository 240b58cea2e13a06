/**
 * The theme of the sign-in pages: created, changed beside a preview, deleted. Says that a theme affects every page at
 * once.
 */
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { ifStill, versionOf } from '../../api/version';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { Loaded } from '../../parts/Loaded';
import { RoleNote } from '../../parts/RoleNote';
import { usePowers } from '../../session/powers';
import { readTheme, type StoredTheme, ThemeForm } from './ThemeForm';
import { ThemeSketch } from './ThemeSketch';
import { FIRST_THEME, toThemeValues } from './theme-fields';

const KEY = ['theme'];
const NOT_FOUND = 404;

/** Reads the theme; null where there is none. Read by id, because the answer for `default` has no version. */
async function findTheme(): Promise<StoredTheme | null> {
  try {
    const { themeId } = (await api.GET('/branding/themes/default')).data;
    return await readTheme(themeId);
  } catch (error) {
    if (error instanceof ApiFailure && error.status === NOT_FOUND) return null;
    throw error;
  }
}

function NoTheme({ mayMake }: { readonly mayMake: boolean }) {
  return (
    <Stack align="start" maw={560}>
      <Text>
        There is no theme. Pages follow each person’s light or dark mode and use the colours from Branding. A theme sets
        every colour, corner and size.
      </Text>
      <RoleNote scopes={['update:branding']} shown="the appearance of the pages" />
      {mayMake && (
        <ConfirmButton
          verb="Create theme"
          question="Create a theme?"
          effect={
            <Stack>
              <Text size="sm">
                Every sign-in page will look like this, in light and dark mode, until you change or delete the theme.
              </Text>
              <ThemeSketch values={toThemeValues(FIRST_THEME)} />
            </Stack>
          }
          run={() => api.POST('/branding/themes', { body: FIRST_THEME })}
          changes={[KEY]}
        />
      )}
    </Stack>
  );
}

export function Theme() {
  const may = usePowers();
  const query = useQuery({ queryKey: KEY, queryFn: findTheme, staleTime: 0 });
  return (
    <Loaded query={query}>
      {(theme) =>
        theme === null ? (
          <NoTheme mayMake={may('update:branding')} />
        ) : (
          <Stack>
            <RoleNote scopes={['update:branding']} shown="the theme’s settings" />
            <ThemeForm key={theme.themeId} theme={theme} changes={KEY} />
            {may('delete:branding') && (
              <ConfirmButton
                verb="Delete theme"
                question="Delete the theme?"
                effect="Pages follow each person’s light or dark mode again, with the colours from Branding. This cannot be undone."
                danger
                run={() =>
                  api.DELETE('/branding/themes/{themeId}', {
                    ...ifStill(versionOf(theme)),
                    params: { path: { themeId: theme.themeId } },
                  })
                }
                changes={[KEY]}
                style={{ alignSelf: 'start' }}
              />
            )}
          </Stack>
        )
      }
    </Loaded>
  );
}
