import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
        ('people', '__first__'),
        ('places', '0001_initial'),
        ('vendors', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('first_name', models.CharField(blank=True, max_length=120)),
                ('last_name', models.CharField(blank=True, max_length=120)),
                ('company_name', models.CharField(blank=True, max_length=160)),
                ('street_address_1', models.CharField(blank=True, max_length=200)),
                ('street_address_2', models.CharField(blank=True, max_length=200)),
                ('postal_code', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(default='VN', max_length=2)),
                ('phone', models.CharField(blank=True, max_length=16)),
                ('commune', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
        ),
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('basket', models.UUIDField(blank=True, db_index=True, null=True)),
                ('channel', models.CharField(choices=[('online', 'Trên mạng'), ('stall', 'Tại sạp')], default='online', max_length=8)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=16)),
                ('language_code', models.CharField(default='vi', max_length=5)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('age_declared', models.BooleanField(default=False)),
                ('reserved_until', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('billing_address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='orders.address')),
                ('shipping_address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='orders.address')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkouts', to='vendors.vendor')),
            ],
            options={
                'verbose_name': 'giỏ hàng',
                'verbose_name_plural': 'giỏ hàng',
                'indexes': [models.Index(condition=models.Q(('reserved_until__isnull', False)), fields=['reserved_until'], name='checkout_reserving'), models.Index(fields=['updated_at'], name='checkout_by_age')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('basket__isnull', False)), fields=('basket', 'vendor'), name='one_checkout_a_shop_in_a_basket')],
            },
        ),
        migrations.CreateModel(
            name='CheckoutDelivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=160)),
                ('price_vnd', models.BigIntegerField()),
                ('checkout', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offered_deliveries', to='orders.checkout')),
                ('pick_up_at', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='vendors.warehouse')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('price_vnd__gte', 0)), name='delivery_price_not_negative'), models.UniqueConstraint(condition=models.Q(('pick_up_at__isnull', False)), fields=('checkout', 'pick_up_at'), name='offered_pick_up_once')],
            },
        ),
        migrations.AddField(
            model_name='checkout',
            name='delivery',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='orders.checkoutdelivery'),
        ),
        migrations.CreateModel(
            name='CheckoutLine',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('held_price_vnd', models.BigIntegerField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('checkout', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.checkout')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.productvariant')),
            ],
            options={
                'verbose_name': 'món trong giỏ',
                'verbose_name_plural': 'món trong giỏ',
                'constraints': [models.UniqueConstraint(fields=('checkout', 'variant'), name='checkout_line_once_a_variant'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 1000)), name='checkout_line_quantity'), models.CheckConstraint(condition=models.Q(('held_price_vnd__gt', 0)), name='held_price_positive')],
            },
        ),
        migrations.CreateModel(
            name='DeliveryRate',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('zone', models.CharField(choices=[('same_commune', 'Trong xã, phường'), ('same_province', 'Trong tỉnh, thành phố'), ('country', 'Toàn quốc')], max_length=14)),
                ('price_vnd', models.BigIntegerField()),
                ('is_active', models.BooleanField(default=True)),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delivery_rates', to='vendors.vendor')),
            ],
            options={
                'verbose_name': 'phí giao hàng',
                'verbose_name_plural': 'phí giao hàng',
                'constraints': [models.UniqueConstraint(fields=('vendor', 'zone'), name='rate_once_a_zone'), models.CheckConstraint(condition=models.Q(('price_vnd__gte', 0), ('price_vnd__lte', 10000000)), name='rate_is_possible')],
            },
        ),
        migrations.AddField(
            model_name='checkoutdelivery',
            name='rate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='orders.deliveryrate'),
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('token', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('checkout_id', models.UUIDField(blank=True, null=True, unique=True)),
                ('basket', models.UUIDField(blank=True, db_index=True, null=True)),
                ('channel', models.CharField(choices=[('online', 'Trên mạng'), ('stall', 'Tại sạp')], max_length=8)),
                ('origin', models.CharField(choices=[('checkout', 'Đặt trên mạng'), ('stall', 'Bán tại sạp')], default='checkout', max_length=10)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=16)),
                ('language_code', models.CharField(default='vi', max_length=5)),
                ('delivery_name', models.CharField(blank=True, max_length=160)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('status', models.CharField(choices=[('unconfirmed', 'Chờ thanh toán'), ('unfulfilled', 'Chờ giao hàng'), ('partially_fulfilled', 'Đã giao một phần'), ('fulfilled', 'Đã giao hàng'), ('canceled', 'Đã hủy'), ('expired', 'Đã hết hạn')], default='unconfirmed', max_length=20)),
                ('charge_status', models.CharField(choices=[('none', 'Chưa nhận tiền'), ('partial', 'Nhận một phần'), ('full', 'Đã nhận đủ'), ('overcharged', 'Nhận thừa')], default='none', max_length=12)),
                ('subtotal_vnd', models.BigIntegerField()),
                ('shipping_vnd', models.BigIntegerField(default=0)),
                ('total_vnd', models.BigIntegerField()),
                ('charged_vnd', models.BigIntegerField(default=0)),
                ('placed_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('fully_charged_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, max_length=300)),
                ('is_demo', models.BooleanField(default=False)),
                ('billing_address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.address')),
                ('pick_up_at', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='vendors.warehouse')),
                ('shipping_address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.address')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='orders', to=settings.AUTH_USER_MODEL)),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='vendors.vendor')),
            ],
            options={
                'verbose_name': 'đơn hàng',
                'verbose_name_plural': 'đơn hàng',
                'indexes': [models.Index(fields=['vendor', '-placed_at'], name='order_by_vendor'), models.Index(fields=['vendor', 'status', '-placed_at'], name='order_by_vendor_status'), models.Index(condition=models.Q(('expires_at__isnull', False), ('status', 'unconfirmed')), fields=['expires_at'], name='order_expiring'), models.Index(fields=['user', '-placed_at'], name='order_by_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('subtotal_vnd__gte', 0), ('total_vnd', django.db.models.expressions.CombinedExpression(models.F('subtotal_vnd'), '+', models.F('shipping_vnd')))), name='order_total_adds_up'), models.CheckConstraint(condition=models.Q(('charged_vnd__gte', 0)), name='order_charged_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Fulfillment',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('fulfilled', 'Đã giao'), ('canceled', 'Đã hủy')], default='fulfilled', max_length=10)),
                ('tracking_number', models.CharField(blank=True, max_length=120)),
                ('made_at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfillments', to='orders.order')),
            ],
            options={
                'verbose_name': 'lần giao hàng',
                'verbose_name_plural': 'lần giao hàng',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('product_id_then', models.BigIntegerField(null=True)),
                ('product_name', models.CharField(max_length=160)),
                ('variant_name', models.CharField(blank=True, max_length=80)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('ocop_set', models.PositiveSmallIntegerField(null=True)),
                ('quantity', models.PositiveIntegerField()),
                ('quantity_fulfilled', models.PositiveIntegerField(default=0)),
                ('unit_price_vnd', models.BigIntegerField()),
                ('total_vnd', models.BigIntegerField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.order')),
                ('variant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.productvariant')),
            ],
            options={
                'verbose_name': 'món trong đơn',
                'verbose_name_plural': 'món trong đơn',
                'constraints': [models.CheckConstraint(condition=models.Q(('total_vnd', django.db.models.expressions.CombinedExpression(models.F('unit_price_vnd'), '*', models.F('quantity')))), name='order_line_adds_up'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity_fulfilled__lte', models.F('quantity'))), name='order_line_fulfils_what_was_sold')],
            },
        ),
        migrations.CreateModel(
            name='FulfillmentLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('fulfillment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.fulfillment')),
                ('stock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.stock')),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilled', to='orders.orderline')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='fulfilled_quantity')],
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('stock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='catalog.stock')),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='orders.orderline')),
            ],
            options={
                'verbose_name': 'hàng đã bán chưa giao',
                'verbose_name_plural': 'hàng đã bán chưa giao',
                'constraints': [models.UniqueConstraint(fields=('order_line', 'stock'), name='allocation_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='allocation_quantity')],
            },
        ),
        migrations.CreateModel(
            name='PaymentCode',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=13, unique=True)),
                ('is_live', models.BooleanField(default=True)),
                ('bin', models.CharField(max_length=6)),
                ('account_number', models.CharField(max_length=19)),
                ('account_name', models.CharField(max_length=60)),
                ('memo_prefix', models.CharField(blank=True, max_length=6)),
                ('issued_at', models.DateTimeField()),
                ('checkout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='payment_codes', to='orders.checkout')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment_codes', to='orders.order')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_codes', to='vendors.vendor')),
            ],
            options={
                'verbose_name': 'mã thanh toán',
                'verbose_name_plural': 'mã thanh toán',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_live', True), ('order__isnull', False)), fields=('order',), name='one_live_code_an_order'), models.UniqueConstraint(condition=models.Q(('checkout__isnull', False), ('is_live', True), ('order__isnull', True)), fields=('checkout',), name='one_live_code_a_checkout')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('checkout_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='orders.checkoutline')),
                ('stock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='catalog.stock')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('checkout_line', 'stock'), name='reservation_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='reservation_quantity')],
            },
        ),
        migrations.AddConstraint(
            model_name='checkoutdelivery',
            constraint=models.UniqueConstraint(condition=models.Q(('rate__isnull', False)), fields=('checkout', 'rate'), name='offered_rate_once'),
        ),
    ]
