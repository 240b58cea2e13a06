import { createElement } from 'react';

export default async function Page({ searchParams }) {
  return createElement('pre', { id: 'state' }, JSON.stringify(await searchParams));
}
