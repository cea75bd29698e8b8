<?php

declare(strict_types=1);

/**
 * Shared folders, `Shared/<uid>/...` on the mail store, under the names of those to whom they belong.
 */
final class congvu_folders
{
    private const ROOT = 'Shared';

    public function __construct(private readonly congvu_directory $directory)
    {
    }

    /** Give the folder in which somebody's mail is seen by others. */
    public static function of(string $uid): string
    {
        return self::ROOT . "/$uid";
    }

    /** Say whose mail is in a folder; null for one's own. */
    public static function owner(string $folder): ?string
    {
        $path = explode('/', $folder);

        return $path[0] === self::ROOT && isset($path[1]) ? $path[1] : null;
    }

    /**
     * Put names into a tree of folders, and the shared ones in the order of these.
     *
     * @param array<string, array<string, mixed>> $tree as Roundcube builds it
     *
     * @return array<string, array<string, mixed>>
     */
    public function named(array $tree, string $delimiter): array
    {
        $rcmail = rcmail::get_instance();
        foreach ($tree as $key => $folder) {
            // The plug-in that archives gives the folder its name in the list of folders alone.
            if ($folder['id'] === $rcmail->config->get('archive_mbox') && $rcmail->text_exists('archive.archivefolder')) {
                $tree[$key]['name'] = $rcmail->gettext('archive.archivefolder');
            }
            if ($folder['id'] === self::ROOT && !empty($folder['folders'])) {
                $tree[$key]['name'] = $rcmail->gettext('congvu.shared');
                $tree[$key]['folders'] = $this->shared($folder['folders'], $delimiter);
            }
        }

        return $tree;
    }

    /**
     * @param array<string, array<string, mixed>> $folders
     *
     * @return array<string, array<string, mixed>>
     */
    private function shared(array $folders, string $delimiter): array
    {
        $names = $this->names(array_map(static fn (array $one): string => (string) self::owner($one['id']), $folders));
        foreach ($folders as $key => $folder) {
            $folders[$key]['name'] = $names[self::owner($folder['id'])] ?? $folder['name'];
            $folders[$key]['folders'] = self::usual($folder['folders'] ?? [], $folder['id'] . $delimiter);
        }
        $order = new Collator('vi_VN');
        uasort($folders, static fn (array $one, array $other): int => $order->compare($one['name'], $other['name']) ?: 0);

        return $folders;
    }

    /**
     * Call the folders that every mailbox has as they are called in one's own, and put them in the same order, first.
     *
     * @param array<string, array<string, mixed>> $folders
     *
     * @return array<string, array<string, mixed>>
     */
    private static function usual(array $folders, string $above): array
    {
        $rcmail = rcmail::get_instance();
        $first = [];
        foreach (['drafts', 'sent', 'junk', 'trash', 'archive'] as $use) {
            foreach ($folders as $key => $folder) {
                if ($folder['id'] === $above . $rcmail->config->get("{$use}_mbox")) {
                    $name = $rcmail->gettext($use === 'archive' ? 'archive.archivefolder' : $use);
                    $first[$key] = ['name' => $name, 'class' => $use] + $folder;
                }
            }
        }

        return $first + $folders;
    }

    /**
     * Look up each name once in a session.
     *
     * @param array<string> $uids
     *
     * @return array<string, string>
     */
    private function names(array $uids): array
    {
        $known = $_SESSION['congvu_names'] ?? [];
        $unknown = array_values(array_diff($uids, array_keys($known)));
        if ($unknown) {
            $known += $this->directory->names($unknown);
            $_SESSION['congvu_names'] = $known;
        }

        return $known;
    }
}
