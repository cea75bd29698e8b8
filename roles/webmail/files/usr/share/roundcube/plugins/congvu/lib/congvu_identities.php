<?php

declare(strict_types=1);

/**
 * In whose names somebody writes: the person's own and those of shared mailboxes, as the directory has them.
 *
 * Only the signature of an identity is the person's to change.
 */
final class congvu_identities
{
    /**
     * Add, rename and remove identities until they are what the directory says. Signatures stay.
     *
     * @param list<congvu_mailbox> $mailboxes
     */
    public static function follow(rcube_user $user, congvu_person $person, array $mailboxes): void
    {
        $wanted = [$person->address => $person->name];
        foreach ($mailboxes as $mailbox) {
            $wanted += [$mailbox->address => $mailbox->name];
        }
        $own = self::own($user->list_identities(), $person->address, $wanted);
        $there = [];
        foreach ($user->list_identities() as $identity) {
            $address = $identity['identity_id'] === $own ? $person->address : $identity['email'];
            if (!isset($wanted[$address]) || isset($there[$address])) {
                continue;
            }
            $there[$address] = $identity['identity_id'];
            if ($identity['name'] !== $wanted[$address] || $identity['email'] !== $address) {
                $user->update_identity($identity['identity_id'], ['name' => $wanted[$address], 'email' => $address]);
            }
        }
        foreach (array_diff_key($wanted, $there) as $address => $name) {
            $there[$address] = $user->insert_identity(['name' => $name, 'email' => $address, 'standard' => 0]);
        }
        // Last, because Roundcube keeps whoever has one identity from losing it.
        foreach ($user->list_identities() as $identity) {
            if (!in_array($identity['identity_id'], $there, false)) {
                $user->delete_identity($identity['identity_id']);
            }
        }
        $user->set_default($there[$person->address]);
        $_SESSION['congvu_mailboxes'] = array_column(
            array_map(static fn (congvu_mailbox $one): array => [$one->address, $one->uid], $mailboxes),
            1,
            0,
        );
    }

    /**
     * Find the identity which is the person's own: of the same address, or else of the one before.
     *
     * @param array<string, string> $wanted
     */
    private static function own(array $identities, string $address, array $wanted): int|string|null
    {
        foreach ($identities as $identity) {
            if ($identity['email'] === $address) {
                return $identity['identity_id'];
            }
        }
        foreach ($identities as $identity) {
            if ($identity['standard'] && !isset($wanted[$identity['email']])) {
                return $identity['identity_id'];
            }
        }

        return null;
    }

    /**
     * Give the folder that keeps what is sent as somebody; null for the person's own.
     */
    public static function sent_folder(?array $identity): ?string
    {
        $uid = $_SESSION['congvu_mailboxes'][$identity['email'] ?? ''] ?? null;

        return $uid === null ? null : congvu_folders::of($uid) . '/' . rcmail::get_instance()->config->get('sent_mbox');
    }

    /**
     * Find the identity of the shared mailbox in which a folder is.
     */
    public static function of_folder(string $folder, array $identities): ?int
    {
        $uid = congvu_folders::owner($folder);
        $address = $uid === null ? false : array_search($uid, $_SESSION['congvu_mailboxes'] ?? [], true);
        foreach ($address === false ? [] : $identities as $place => $identity) {
            if (($identity['email_ascii'] ?? $identity['email']) === $address) {
                return $place;
            }
        }

        return null;
    }
}
