<?php

declare(strict_types=1);

/**
 * Somebody who signs in, as the directory has them.
 */
final readonly class congvu_person
{
    /**
     * @param list<string> $writes_as addresses of shared mailboxes
     */
    public function __construct(
        public string $uid,
        public string $name,
        public string $address,
        public array $writes_as,
    ) {
    }
}

/**
 * A shared mailbox in whose name somebody writes.
 */
final readonly class congvu_mailbox
{
    public function __construct(
        public string $uid,
        public string $name,
        public string $address,
    ) {
    }
}

/**
 * An agency, or a unit of one. Its id is its path in the tree: `snv`, `snv/tccb`.
 */
final readonly class congvu_place
{
    public function __construct(
        public string $id,
        public string $name,
        public string $folded,
        public string $dn,
        public string $agency,
    ) {
    }

    public function is_unit(): bool
    {
        return str_contains($this->id, '/');
    }

    /** Its name where it does not stand below its agency's: `Văn phòng, Sở Nội vụ`. */
    public function whole(): string
    {
        return $this->is_unit() ? "{$this->name}, {$this->agency}" : $this->name;
    }
}

/**
 * The questions that the webmail asks the directory, under an account that sees the address book.
 *
 * A directory that does not answer keeps nobody from the mail: then there is nothing to be found.
 */
final class congvu_directory
{
    private const SECONDS = 5;
    private const PLACES = 20000;

    private ?LDAP\Connection $connection = null;
    private bool $tried = false;

    /** @var array<string, ?congvu_person> */
    private array $people = [];

    /** @var ?array<string, congvu_place> */
    private ?array $places = null;

    /**
     * @param array{hosts: list<string>, bind_dn: string, bind_pass: string, base_dn: string} $book
     */
    public function __construct(private readonly array $book)
    {
    }

    /**
     * Return the text in lower case without any mark, đ as d, as people type when they search.
     */
    public static function folded(string $text): string
    {
        static $marks = null;
        $marks ??= Transliterator::create('Any-Lower; NFD; [:Nonspacing Mark:] Remove; NFC');

        return strtr((string) $marks->transliterate($text), ['đ' => 'd']);
    }

    /**
     * Find who signs in by this address or number, among those who may.
     */
    public function person(string $name): ?congvu_person
    {
        $name = strtolower(trim($name));
        if (!array_key_exists($name, $this->people)) {
            $same = self::quoted($name);
            $found = $this->found(
                "(&(objectClass=inetOrgPerson)(objectClass=congvuMailbox)(|(mail=$same)(uid=$same)))",
                ['uid', 'cn', 'mail', 'congvuSendAs'],
                2,
            );
            $entry = count($found) === 1 ? $found[0] : null;
            $whole = $entry && isset($entry['uid'], $entry['cn'], $entry['mail']);
            $this->people[$name] = $whole
                ? new congvu_person($entry['uid'][0], $entry['cn'][0], $entry['mail'][0], $entry['congvusendas'] ?? [])
                : null;
        }

        return $this->people[$name];
    }

    /**
     * Find the shared mailboxes that have these addresses.
     *
     * @param list<string> $addresses
     *
     * @return list<congvu_mailbox>
     */
    public function mailboxes(array $addresses): array
    {
        $mailboxes = [];
        foreach ($this->found_by('mail', $addresses, ['uid', 'cn', 'mail']) as $entry) {
            if (isset($entry['uid'], $entry['cn'], $entry['mail'])) {
                $mailboxes[] = new congvu_mailbox($entry['uid'][0], $entry['cn'][0], $entry['mail'][0]);
            }
        }

        return $mailboxes;
    }

    /**
     * Find what mailboxes and people are called whose mail somebody sees, by their uid.
     *
     * @param list<string> $uids
     *
     * @return array<string, string>
     */
    public function names(array $uids): array
    {
        $names = [];
        foreach ($this->found_by('uid', $uids, ['uid', 'cn']) as $entry) {
            if (isset($entry['uid'], $entry['cn'])) {
                $names[$entry['uid'][0]] = $entry['cn'][0];
            }
        }

        return $names;
    }

    /**
     * Give the agencies in the order of their names, each followed by its units.
     *
     * One list serves everybody for some minutes: a province has thousands of them.
     *
     * @return array<string, congvu_place> by id
     */
    public function places(): array
    {
        if ($this->places === null) {
            $cache = rcube::get_instance()->get_cache_shared('congvu');
            $this->places = $cache?->get('places');
        }
        if (!$this->places) {
            $this->places = $this->read_places();
            $cache ??= null;
            if ($this->places) {
                $cache?->set('places', $this->places);
            }
        }

        return $this->places;
    }

    /**
     * @return array<string, congvu_place>
     */
    private function read_places(): array
    {
        $above = count(self::path($this->book['base_dn']));
        $found = $this->found(
            '(&(objectClass=organizationalUnit)(congvuState=active))',
            ['ou', 'description'],
            self::PLACES,
        );
        $names = [];
        $dns = [];
        foreach ($found as $entry) {
            $codes = array_slice(array_reverse(self::path($entry['dn'])), $above);
            $names[implode('/', $codes)] = $entry['description'][0] ?? $codes[count($codes) - 1];
            $dns[implode('/', $codes)] = $entry['dn'];
        }
        $places = [];
        foreach ($names as $id => $name) {
            [$agency] = explode('/', (string) $id, 2);
            $places[(string) $id] = new congvu_place((string) $id, $name, self::folded($name), $dns[$id], $names[$agency] ?? '');
        }
        $order = new Collator('vi_VN');
        uasort($places, static function (congvu_place $one, congvu_place $other) use ($order): int {
            return $order->compare($one->agency, $other->agency)
                ?: strcmp(explode('/', $one->id)[0], explode('/', $other->id)[0])
                ?: $one->is_unit() <=> $other->is_unit()
                ?: $order->compare($one->name, $other->name);
        });

        return $places;
    }

    /**
     * @param list<string> $values
     * @param list<string> $attributes
     *
     * @return list<array<string, mixed>>
     */
    private function found_by(string $name, array $values, array $attributes): array
    {
        if (!$values) {
            return [];
        }
        $any = implode('', array_map(static fn (string $value): string => "($name=" . self::quoted($value) . ')', $values));

        return $this->found("(&(objectClass=congvuMailbox)(|$any))", $attributes, count($values));
    }

    /**
     * Search the whole tree.
     *
     * @param list<string> $attributes
     *
     * @return list<array<string, mixed>> each with its `dn`, and the values of each attribute under its name in lower case
     */
    private function found(string $filter, array $attributes, int $most): array
    {
        $connection = $this->connection();
        $answer = $connection
            ? @ldap_search($connection, $this->book['base_dn'], $filter, $attributes, 0, $most, self::SECONDS)
            : false;
        if ($answer === false) {
            return [];
        }
        $entries = [];
        $found = (array) ldap_get_entries($connection, $answer);
        for ($number = 0; $number < ($found['count'] ?? 0); ++$number) {
            $entry = ['dn' => $found[$number]['dn']];
            foreach ($attributes as $attribute) {
                $key = strtolower($attribute);
                if (isset($found[$number][$key])) {
                    $values = $found[$number][$key];
                    unset($values['count']);
                    $entry[$key] = array_values($values);
                }
            }
            $entries[] = $entry;
        }

        return $entries;
    }

    private function connection(): ?LDAP\Connection
    {
        if (!$this->tried) {
            $this->tried = true;
            $connection = ldap_connect($this->book['hosts'][0]);
            if ($connection) {
                ldap_set_option($connection, LDAP_OPT_PROTOCOL_VERSION, 3);
                ldap_set_option($connection, LDAP_OPT_NETWORK_TIMEOUT, self::SECONDS);
                if (@ldap_bind($connection, $this->book['bind_dn'], $this->book['bind_pass'])) {
                    $this->connection = $connection;
                } else {
                    rcube::raise_error('The directory does not answer: ' . ldap_error($connection), true);
                }
            }
        }

        return $this->connection;
    }

    /**
     * @return list<string> the values that a name is made of, without their attributes
     */
    private static function path(string $dn): array
    {
        $parts = ldap_explode_dn($dn, 1) ?: ['count' => 0];
        unset($parts['count']);

        return array_values($parts);
    }

    private static function quoted(string $value): string
    {
        return ldap_escape($value, '', LDAP_ESCAPE_FILTER);
    }
}
