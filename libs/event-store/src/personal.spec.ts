import { MemoryKeys } from './memory/memory-keys.js';
import type { Ciphertext } from './personal.js';
import { decryptFields, encryptFields, ERASED, isCiphertext, keysOfUnerased, keysThereAre, kidOf, mayHoldCiphertext, Personal, personalFieldsOf, UNREADABLE } from './personal.js';

const fields = [{ path: 'contact.name', subject: 'accountId' }, { path: 'phone', subject: 'accountId' }];
const data = { accountId: 'a1', contact: { name: 'Ada', role: 'buyer' }, phone: { home: '1', work: null } };
interface Sealed { contact: { name: Ciphertext; role: string }; phone: Ciphertext }

describe('personal fields', () => {
  it('are encrypted where they stand, and nothing else is', async () => {
    const keys = new MemoryKeys();
    const sealed = (await encryptFields(data, fields, keys)) as unknown as Sealed;
    expect(isCiphertext(sealed.contact.name) && isCiphertext(sealed.phone)).toBe(true);
    expect(sealed).toMatchObject({ accountId: 'a1', contact: { role: 'buyer', name: { subject: 'a1', kid: (await keys.obtain('a1')).kid } } });
    expect(JSON.stringify(sealed)).not.toContain('Ada');
    expect(mayHoldCiphertext(JSON.stringify(sealed))).toBe(true);
    expect(await decryptFields(sealed, keys)).toEqual(data);
    expect(data.contact.name).toBe('Ada');
  });
  it('are encrypted differently each time, so that equal values do not show', async () => {
    const keys = new MemoryKeys();
    const [one, two] = (await Promise.all([1, 2].map(() => encryptFields(data, fields, keys)))) as unknown as Sealed[];
    expect(one?.contact.name.text).not.toBe(two?.contact.name.text);
    expect(one?.contact.name.kid).toBe(two?.contact.name.kid);
  });
  it('that are absent stay absent, and without any the body is the same object', async () => {
    const keys = new MemoryKeys();
    const plain = { accountId: 'a1', contact: { role: 'buyer' }, phone: null };
    expect(await encryptFields(plain, fields, keys)).toBe(plain);
    expect(await keys.find('a1')).toBeUndefined();
  });
  it('must name whom they are about', async () => {
    await expect(encryptFields({ phone: '1' }, fields, new MemoryKeys())).rejects.toThrow('personal field phone names no subject at accountId');
    await expect(encryptFields({ accountId: '', phone: '1' }, fields, new MemoryKeys())).rejects.toThrow('names no subject');
  });
  const shown = (mark: string) => ({ accountId: 'a1', contact: { name: mark, role: 'buyer' }, phone: mark });
  it('read as unreadable without their key, or with another one of the same subject', async () => {
    const [keys, others] = [new MemoryKeys(), new MemoryKeys()];
    const sealed = await encryptFields(data, fields, keys);
    expect(await decryptFields(sealed, others)).toEqual(shown(UNREADABLE));
    await others.obtain('a1');
    expect(await decryptFields(sealed, others)).toEqual(shown(UNREADABLE));
  });
  it('read as erased when their key was destroyed, and nothing more is encrypted for that subject', async () => {
    const keys = new MemoryKeys();
    const sealed = await encryptFields(data, fields, keys);
    await keys.destroy(['a1']);
    expect(await decryptFields(sealed, keys)).toEqual(shown(ERASED));
    await expect(encryptFields(data, fields, keys)).rejects.toMatchObject({ code: 'SUBJECT_ERASED', status: 410, details: { subject: 'a1' } });
    expect(await encryptFields(data, fields, keysOfUnerased(keys))).toEqual(shown(UNREADABLE));
  });
  it('are left out in favour of a mark, where no key may be made for them', async () => {
    const keys = new MemoryKeys();
    expect(await encryptFields(data, fields, keysThereAre(keys))).toEqual(shown(UNREADABLE));
    expect(await keys.find('a1')).toBeUndefined();
    await keys.obtain('a1');
    expect(await decryptFields(await encryptFields(data, fields, keysThereAre(keys)), keys)).toEqual(data);
  });
  it('are found in lists, too', async () => {
    const keys = new MemoryKeys();
    const sealed = await encryptFields(data, fields, keys);
    expect(await decryptFields({ of: [sealed, 1, null] }, keys)).toEqual({ of: [data, 1, null] });
  });
  it.each([['text', 'AAAA'], ['subject', 'a2'], ['kid', kidOf(Buffer.alloc(32))]] as const)('do not open when their %s was exchanged', async (member, value) => {
    const keys = new MemoryKeys();
    const { phone } = (await encryptFields(data, fields, keys)) as unknown as Sealed;
    const forged = { ...phone, [member]: member === 'text' ? Buffer.from(phone.text, 'base64').fill(1, 0, 1).toString('base64') : value };
    const { kid, key } = await keys.obtain('a1');
    const careless = { find: () => Promise.resolve({ kid: forged.kid === kid ? kid : forged.kid, key }) };
    await expect(decryptFields(forged, careless)).rejects.toThrow();
  });
});

describe('a command class', () => {
  class Complain {
    @Personal('accountId') readonly text = '';
    @Personal('accountId') readonly phone = '';
    readonly accountId = '';
  }
  it('says which of its fields are personal', () => {
    expect(personalFieldsOf(Complain)).toEqual([{ path: 'text', subject: 'accountId' }, { path: 'phone', subject: 'accountId' }]);
    expect(personalFieldsOf(Object)).toEqual([]);
  });
});
