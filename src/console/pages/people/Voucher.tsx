/** Says in a sentence who vouches for an address. If it is an organization, shows its name instead of its id. */
import { OrganizationName } from '../../parts/Named';
import { sayVoucher } from './vouchers';

export function Voucher({ voucher }: { readonly voucher: string | undefined }) {
  if (voucher?.startsWith('org_') !== true) return sayVoucher(voucher);
  return (
    <>
      <OrganizationName id={voucher} />, an organization that has verified the domain.
    </>
  );
}
