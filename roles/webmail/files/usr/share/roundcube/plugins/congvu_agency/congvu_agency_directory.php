<?php

declare(strict_types=1);

/**
 * An agency in the directory, as its admin account sees and changes it.
 */
class congvu_agency_directory
{
    private const PEOPLE = '(&(objectClass=inetOrgPerson)(congvuState=active))';
    private const NAMES = ['uid', 'cn', 'givenName', 'title', 'mail', 'pwdReset', 'pwdAccountLockedTime', 'pwdChangedTime'];
    /** What the password policy answers of a first password (draft-behera-ldap-password-policy-10, section 6.2). */
    private const CHANGE_AFTER_RESET = 2;
    /** Without the characters that look alike on paper and sound alike on the telephone. */
    private const CLASSES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789'];
    private const GROUPS = 4;
    private const LENGTH = 4;

    private LDAP\Connection $ldap;
    private string $base;
    private congvu_password_directory $policy;

    public function __construct(rcube_config $config, string $code)
    {
        $book = (array) $config->get('congvu_book');
        $this->base = "ou={$code},{$book['base_dn']}";
        $this->policy = new congvu_password_directory($config);
        $this->ldap = ldap_connect($book['hosts'][0]);
        ldap_set_option($this->ldap, LDAP_OPT_PROTOCOL_VERSION, 3);
        ldap_set_option($this->ldap, LDAP_OPT_NETWORK_TIMEOUT, 5);
    }

    /**
     * Make a password like `hK7m-Rw3x-P9dq-Tz4e`, as the engine does: four groups for the eye, more than 90 bits for the rest.
     */
    public static function password(): string
    {
        $letters = implode('', self::CLASSES);
        do {
            $drawn = '';
            for ($place = 0; $place < self::GROUPS * self::LENGTH; $place++) {
                $drawn .= $letters[random_int(0, strlen($letters) - 1)];
            }
            $has = array_filter(self::CLASSES, static fn (string $class): bool => strpbrk($drawn, $class) !== false);
        } while (count($has) < count(self::CLASSES));

        return implode('-', str_split($drawn, self::LENGTH));
    }

    /**
     * Name the admin account's entry.
     */
    public function admin(): string
    {
        return "cn=admin,{$this->base}";
    }

    /**
     * Sign in as the admin. Refused is a wrong password, an account that is closed or locked, or an agency that is none.
     */
    public function enter(#[SensitiveParameter] string $password): congvu_agency_outcome
    {
        if ($password === '') {
            return congvu_agency_outcome::Refused;
        }
        $answer = @ldap_bind_ext($this->ldap, $this->admin(), $password, [['oid' => LDAP_CONTROL_PASSWORDPOLICYREQUEST]]);
        if ($answer === false || !ldap_parse_result($this->ldap, $answer, $code, $name, $words, $elsewhere, $controls)) {
            return congvu_agency_outcome::Unreachable;
        }
        $said = $controls[LDAP_CONTROL_PASSWORDPOLICYRESPONSE]['value']['error'] ?? -1;

        return $code === 0 && $said === self::CHANGE_AFTER_RESET
            ? congvu_agency_outcome::First
            : congvu_agency_outcome::of($code);
    }

    /**
     * Give the agency's name, as people know it.
     */
    public function agency(): string
    {
        return $this->entry($this->base, ['description'])['description'][0] ?? $this->base;
    }

    /**
     * Give the people who may sign in, by unit and name.
     */
    public function people(): array
    {
        $units = [];
        foreach ($this->found('(objectClass=organizationalUnit)', ['description']) as $entry) {
            $units[mb_strtolower($entry['dn'])] = $entry['description'][0] ?? '';
        }
        unset($units[mb_strtolower($this->base)]);
        $people = [];
        foreach ($this->found(self::PEOPLE, self::NAMES) as $entry) {
            $above = mb_strtolower(substr($entry['dn'], strpos($entry['dn'], ',') + 1));
            $people[] = ['unit' => $units[$above] ?? ''] + $this->told($entry);
        }
        $order = new Collator('vi_VN');
        usort($people, static fn (array $one, array $other): int => $order->compare($one['unit'], $other['unit'])
            ?: $order->compare($one['given'], $other['given'])
            ?: $order->compare($one['name'], $other['name']));

        return $people;
    }

    /**
     * Tell who somebody is.
     */
    public function person(string $dn): array
    {
        return $this->told(['dn' => $dn] + $this->entry($dn, self::NAMES));
    }

    /**
     * Set another password, if nobody else has set one since it was shown; `$was` is when it was set then. The directory
     * itself sees to it that its holder must change it.
     */
    public function reset(string $dn, string $was, #[SensitiveParameter] string $password): congvu_agency_outcome
    {
        $unchanged = $was === '' ? '(!(pwdChangedTime=*))' : '(pwdChangedTime=' . ldap_escape($was, '', LDAP_ESCAPE_FILTER) . ')';
        $condition = ['oid' => LDAP_CONTROL_ASSERT, 'iscritical' => true, 'value' => ['filter' => $unchanged]];
        @ldap_mod_replace($this->ldap, $dn, ['userPassword' => $password], [$condition]);
        $outcome = congvu_agency_outcome::of(ldap_errno($this->ldap));
        // Where we may not look, nothing is as it was shown.
        $ours = str_ends_with(mb_strtolower($dn), mb_strtolower(",{$this->base}"));

        return $outcome === congvu_agency_outcome::Stale && !$ours ? congvu_agency_outcome::Refused : $outcome;
    }

    /**
     * Let somebody in again whom wrong passwords have locked out. The failures go with the lock, which must be taken away
     * and not replaced by nothing.
     */
    public function unlock(string $dn): congvu_agency_outcome
    {
        @ldap_mod_del($this->ldap, $dn, ['pwdAccountLockedTime' => []]);

        return congvu_agency_outcome::of(ldap_errno($this->ldap));
    }

    private function told(array $entry): array
    {
        return [
            'dn' => $entry['dn'],
            'uid' => $entry['uid'][0] ?? '',
            'name' => $entry['cn'][0] ?? '',
            'given' => $entry['givenname'][0] ?? '',
            'title' => $entry['title'][0] ?? '',
            'mail' => $entry['mail'][0] ?? '',
            'first' => ($entry['pwdreset'][0] ?? '') === 'TRUE',
            'was' => $entry['pwdchangedtime'][0] ?? '',
            // Minutes, 0 without end, null if it is not locked.
            'lock' => $this->policy->lock($entry['pwdaccountlockedtime'][0] ?? ''),
        ];
    }

    private function found(string $filter, array $names): array
    {
        $found = @ldap_search($this->ldap, $this->base, $filter, $names);
        $entries = $found === false ? [] : ldap_get_entries($this->ldap, $found);
        unset($entries['count']);

        return $entries;
    }

    private function entry(string $dn, array $names): array
    {
        $found = @ldap_read($this->ldap, $dn, '(objectClass=*)', $names);

        return $found === false ? [] : (ldap_get_entries($this->ldap, $found)[0] ?? []);
    }
}
