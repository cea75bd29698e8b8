<?php

declare(strict_types=1);

/**
 * An admin who is signed in. Each step signs in to the directory anew, so the password is at hand: encrypted in a cookie of
 * the browser, under a key that stays here. Neither has it without the other.
 */
final class congvu_agency_session
{
    private const NAME = 'congvu_agency';
    private const PREFIX = 'admin.';
    private const MINUTES = 15;

    private function __construct(public readonly string $code, #[SensitiveParameter] public readonly string $password)
    {
    }

    /**
     * Give the agency whose admin signs in by this name; null if it is no admin's. No address and no staff number looks so.
     */
    public static function code(string $name): ?string
    {
        $found = preg_match('/^' . preg_quote(self::PREFIX, '/') . '([a-z][a-z0-9-]{0,31})$/D', mb_strtolower(trim($name)), $parts);

        return $found === 1 ? $parts[1] : null;
    }

    public static function name(string $code): string
    {
        return self::PREFIX . $code;
    }

    public static function begin(string $code, #[SensitiveParameter] string $password): void
    {
        [$key, $sealed] = congvu_password_seal::close($password);
        $session = rcmail::get_instance()->session;
        $session->remove('temp');
        $session->regenerate_id(false);
        $_SESSION[self::NAME] = ['code' => $code, 'key' => $key, 'until' => self::limit()];
        rcube_utils::setcookie(self::NAME, $sealed, 0);
    }

    /**
     * Take up the session of this browser; null if there is none, or nobody has clicked for a while.
     */
    public static function resume(): ?self
    {
        $kept = $_SESSION[self::NAME] ?? null;
        if (!is_array($kept) || $kept['until'] < time()) {
            return null;
        }
        $password = congvu_password_seal::open($kept['key'], (string) ($_COOKIE[self::NAME] ?? ''));
        if ($password === null) {
            return null;
        }
        $_SESSION[self::NAME]['until'] = self::limit();

        return new self($kept['code'], $password);
    }

    public static function end(): void
    {
        unset($_SESSION[self::NAME]);
        rcube_utils::setcookie(self::NAME, '-del-', time() - 60);
        rcmail::get_instance()->kill_session();
    }

    private static function limit(): int
    {
        return time() + 60 * self::MINUTES;
    }
}
