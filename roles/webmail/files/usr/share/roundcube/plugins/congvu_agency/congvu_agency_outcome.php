<?php

declare(strict_types=1);

/**
 * What the directory made of something that it was asked to do.
 */
enum congvu_agency_outcome: string
{
    case Done = 'done';
    /** The password is right, and is a first one: nothing goes before it is changed. */
    case First = 'first';
    /** The entry is no longer as it was shown. */
    case Stale = 'stale';
    case Refused = 'refused';
    case Unreachable = 'unreachable';

    /**
     * Read a result code of LDAP (RFC 4511, appendix A; RFC 4528).
     */
    public static function of(int $code): self
    {
        return match ($code) {
            0 => self::Done,
            16, 32, 122 => self::Stale,
            -1, 51, 52, 80, 91 => self::Unreachable,
            default => self::Refused,
        };
    }
}
