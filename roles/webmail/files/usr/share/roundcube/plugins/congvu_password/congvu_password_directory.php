<?php

declare(strict_types=1);

/**
 * What the directory knows of somebody's password, and the change of it, bound as its holder (RFC 3062).
 */
class congvu_password_directory
{
    /** What the password policy answers (draft-behera-ldap-password-policy-10, section 6.2), and what we call it. */
    private const ANSWERS = [1 => 'locked', 3 => 'denied', 4 => 'first', 5 => 'weak', 6 => 'length', 7 => 'young',
        8 => 'history'];
    /** A lock of the year 0 has no end. */
    private const FOREVER = '000001010000Z';
    private const SPECIAL = '/[!-\/:-@[-`{-~]/';
    private const CLASSES = ['upper' => '/[A-Z]/', 'lower' => '/[a-z]/', 'digit' => '/[0-9]/', 'special' => self::SPECIAL];

    private array $book;
    private string $policy;
    private ?array $rules = null;

    public function __construct(rcube_config $config)
    {
        $this->book = (array) $config->get('congvu_book');
        $this->policy = (string) $config->get('congvu_password_policy');
    }

    /**
     * Look somebody up by address or staff number: who it is, whether a first password is to be changed, and for how many
     * minutes the account is locked: null is not at all, 0 without end. Null if there is nobody, or no directory.
     */
    public function holder(string $name): ?array
    {
        $name = ldap_escape(mb_strtolower($name), '', LDAP_ESCAPE_FILTER);
        $found = $this->read(
            $this->book['base_dn'],
            "(&(objectClass=congvuMailbox)(|(mail={$name})(uid={$name})))",
            ['uid', 'pwdReset', 'pwdAccountLockedTime']
        );
        if ($found === null) {
            return null;
        }

        return [
            'dn' => $found['dn'],
            'uid' => $found['uid'][0],
            'reset' => ($found['pwdreset'][0] ?? '') === 'TRUE',
            'lock' => $this->lock($found['pwdaccountlockedtime'][0] ?? ''),
        ];
    }

    /**
     * Tell whether a password is the right one.
     */
    public function opens(string $dn, string $password): bool
    {
        $ldap = $this->connect();

        return $password !== '' && @ldap_bind($ldap, $dn, $password);
    }

    /**
     * Give the rules in force: how many characters in all and of each kind, how many passwords of before are
     * remembered, for how many minutes a lock holds (0: without end).
     */
    public function rules(): array
    {
        return $this->rules ??= $this->readRules();
    }

    /**
     * Set another password; null if that is done, else why not, as `congvu_password_reasons` takes it.
     */
    public function change(array $holder, string $old, string $new): ?array
    {
        $reason = $this->broken($holder['uid'], $old, $new);
        if ($reason !== null) {
            return $reason;
        }
        $ldap = $this->connect();
        if (!@ldap_bind($ldap, $holder['dn'], $old)) {
            return [ldap_errno($ldap) === 49 ? 'first' : 'unreachable'];
        }
        $controls = [];
        if (@ldap_exop_passwd($ldap, '', $old, $new, $controls) === true) {
            return null;
        }
        $answer = $controls[LDAP_CONTROL_PASSWORDPOLICYRESPONSE]['value']['error'] ?? -1;
        $reason = self::ANSWERS[$answer] ?? (ldap_errno($ldap) === 19 ? 'weak' : 'unreachable');

        return [$reason, $this->rules()[$reason] ?? ''];
    }

    /**
     * Name the first rule that a password breaks, as far as that can be seen without the directory.
     */
    private function broken(string $uid, string $old, string $new): ?array
    {
        $rules = $this->rules();
        if ($new === '' || preg_match('/[\x00-\x1f\x7f]/', $new)) {
            return ['characters'];
        }
        if (mb_strlen($new) < $rules['length']) {
            return ['length', $rules['length']];
        }
        foreach (self::CLASSES as $class => $pattern) {
            if (preg_match_all($pattern, $new) < $rules[$class]) {
                return [$class];
            }
        }
        if (stripos($new, $uid) !== false) {
            return ['name'];
        }

        return $new === $old ? ['same'] : null;
    }

    private function readRules(): array
    {
        $names = ['pwdMinLength', 'pwdInHistory', 'pwdLockoutDuration', 'pwdCheckModuleArg'];
        $found = $this->read($this->policy, '(objectClass=*)', $names, true) ?? [];
        preg_match_all(
            '/^class-(upper|lower|digit|special)\S* \S+ (\d+)/m',
            $found['pwdcheckmodulearg'][0] ?? '',
            $classes,
            PREG_SET_ORDER
        );

        return [
            'length' => (int) ($found['pwdminlength'][0] ?? 0),
            'history' => (int) ($found['pwdinhistory'][0] ?? 0),
            'minutes' => intdiv((int) ($found['pwdlockoutduration'][0] ?? 0), 60),
            ...array_fill_keys(array_keys(self::CLASSES), 0),
            ...array_map(intval(...), array_column($classes, 2, 1)),
        ];
    }

    /**
     * Give the minutes for which a lock still holds, as `holder` does.
     */
    public function lock(string $since): ?int
    {
        if ($since === '') {
            return null;
        }
        $begun = DateTimeImmutable::createFromFormat('YmdHis\Z', $since, new DateTimeZone('UTC'));
        $minutes = $this->rules()['minutes'];
        if ($since === self::FOREVER || $begun === false || $minutes === 0) {
            return 0;
        }
        $left = (int) ceil(($begun->getTimestamp() + 60 * $minutes - time()) / 60);

        return $left > 0 ? $left : null;
    }

    /**
     * Read one entry as the webmail's own account, its names in small letters; null if there is none to be seen.
     */
    private function read(string $base, string $filter, array $names, bool $itself = false): ?array
    {
        $ldap = $this->connect();
        if (!@ldap_bind($ldap, $this->book['bind_dn'], $this->book['bind_pass'])) {
            rcube::raise_error('The directory does not answer: ' . ldap_error($ldap), true);

            return null;
        }
        $found = $itself ? @ldap_read($ldap, $base, $filter, $names) : @ldap_search($ldap, $base, $filter, $names);
        $entries = $found === false ? ['count' => 0] : ldap_get_entries($ldap, $found);

        return $entries['count'] === 1 ? $entries[0] : null;
    }

    private function connect(): LDAP\Connection
    {
        $ldap = ldap_connect($this->book['hosts'][0]);
        ldap_set_option($ldap, LDAP_OPT_PROTOCOL_VERSION, 3);
        ldap_set_option($ldap, LDAP_OPT_NETWORK_TIMEOUT, 5);

        return $ldap;
    }
}
