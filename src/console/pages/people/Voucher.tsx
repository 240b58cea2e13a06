/** Whose word stands behind an address, as a sentence; an organization by its name. */
import { OrganizationName } from '../../parts/Named';
import { sayVoucher } from './vouchers';

export function Voucher({ voucher }: { readonly voucher: string | undefined }) {
  if (voucher?.startsWith('org_') !== true) return sayVoucher(voucher);
  return (
    <>
      <OrganizationName id={voucher} />, an organization that has proved the domain.
    </>
  );
}
