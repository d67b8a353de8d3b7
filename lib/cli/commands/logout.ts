import type { ApiFlags } from '../api-command.ts';
import { print, say } from '../output.ts';
import { DEFAULT_PROFILE, profilesPath, readProfile, readProfiles, writeProfiles } from '../profiles.ts';
import { subcommand } from '../program.ts';

export const logoutCommand = subcommand(
  'logout',
  'remove a profile with its API key from this machine',
).action(async (flags: ApiFlags) => {
  const name = flags.profile ?? DEFAULT_PROFILE;
  const path = profilesPath(process.env);
  await readProfile(name, path);
  const { [name]: _removed, ...others } = (await readProfiles(path)) ?? {};
  await writeProfiles(path, others);
  print({ profile: name, file: path }, flags, () => {
    say(`The profile ${name} is removed from ${path}. Its key stays valid until it expires or is revoked.`);
  });
});
