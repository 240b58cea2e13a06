/**
 * The frame around every page: navigation on the left, search at the top, the operator on the right. At 390 pixels the
 * navigation is behind a button.
 */
import { ActionIcon, Anchor, AppShell, Burger, Group, Menu, NavLink, Text, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconApps,
  IconBolt,
  IconBuilding,
  IconHelp,
  IconListSearch,
  IconPlugConnected,
  IconSettings,
  IconUser,
  IconUsers,
} from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Finder } from './finder/Finder';
import { findHelp } from './help-pages';
import { useOperator } from './session/operator';
import { PowersUnknown } from './session/PowersUnknown';
import { signOut } from './session/session';

const PLACES = [
  { to: '/', name: 'Today', icon: IconActivity },
  { to: '/log', name: 'Refusals and log', icon: IconListSearch },
  { to: '/organizations', name: 'Organizations', icon: IconBuilding },
  { to: '/people', name: 'People', icon: IconUsers },
  { to: '/connections', name: 'Connections', icon: IconPlugConnected },
  { to: '/applications', name: 'Applications and APIs', icon: IconApps },
  { to: '/actions', name: 'Actions', icon: IconBolt },
  { to: '/settings', name: 'Settings', icon: IconSettings },
] as const;

const isAt = (path: string, to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));

function Places({ onChoose }: { readonly onChoose: () => void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return PLACES.map(({ to, name, icon: Icon }) => (
    <NavLink
      key={to}
      component={Link}
      to={to}
      label={name}
      leftSection={<Icon size={18} aria-hidden />}
      active={isAt(path, to)}
      activeOptions={{ exact: to === '/' }}
      onClick={onChoose}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  ));
}

/**
 * A link to the documentation about the shown page. It opens a new window, so that text typed on this page is not lost.
 */
function Help() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { href, name } = findHelp(path);
  return (
    <NavLink
      component="a"
      href={href}
      target="_blank"
      rel="noopener"
      label="Help"
      description={name}
      leftSection={<IconHelp size={18} aria-hidden />}
      style={{ borderRadius: 'var(--mantine-radius-md)', marginTop: 'auto' }}
    />
  );
}

function OperatorMenu() {
  const { name, email } = useOperator();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`Signed in as ${name}`}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email}</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            aria-checked={colorScheme === scheme}
            role="menuitemradio"
          >
            {{ auto: 'Follow the system', light: 'Light', dark: 'Dark' }[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Shows the product's name and the server's host name, for operators who have several servers. */
function Brand() {
  return (
    <Anchor component={Link} to="/" underline="never" c="var(--mantine-color-text)" visibleFrom="sm" w={200}>
      <Text fw={650} lh={1.2}>
        Vestibule
      </Text>
      <Text size="xs" c="dimmed" lh={1.3} truncate title={window.location.host}>
        {window.location.host}
      </Text>
    </Anchor>
  );
}

export function Shell() {
  const [open, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding="lg"
      transitionDuration={0}
    >
      <Anchor href="#page" className="skip">
        Skip to content
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap" gap="xs">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={open ? 'Hide the menu' : 'Show the menu'}
            />
            <Brand />
          </Group>
          <Finder />
          <OperatorMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="nav" aria-label="Pages">
        <Places onChoose={close} />
        <Help />
      </AppShell.Navbar>
      <AppShell.Main id="page">
        <PowersUnknown />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
